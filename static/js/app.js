// Everything our pages do by script. Each page also works without any of it.
import "./requests.js";
import "./keys.js";
import "./forms.js";
import "./clock.js";
import "./contact.js";
import "./header.js";
