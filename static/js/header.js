// The header of small screens: one row of links that scrolls, and a short hint in a narrow search field.
const nav = document.querySelector(".top nav");
const current = nav?.querySelector("[aria-current]");
if (current) {
  const [row, here] = [nav.getBoundingClientRect(), current.getBoundingClientRect()];
  nav.scrollLeft += here.left - row.left - (row.width - here.width) / 2;
}

const find = document.getElementById("find");
if (find && matchMedia("(max-width: 799px)").matches) find.placeholder = find.dataset.short;
