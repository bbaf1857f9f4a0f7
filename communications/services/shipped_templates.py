"""The templates that every installation begins with. Admins publish their own versions beside them."""

from __future__ import annotations

from accounts.foundation.purposes import Channel, Purpose

REMINDER = {"code": "promise-reminder", "purpose": Purpose.REMINDER}
CONFIRMATION = {"code": "promise-confirmation", "purpose": Purpose.CONFIRMATION}
CONTACT_US = {"code": "please-contact-us", "purpose": Purpose.DEMAND}
ANSWER = {"code": "we-will-answer", "purpose": Purpose.REPLY}
OFFER = {"code": "offer", "purpose": Purpose.CONFIRMATION}
AGREEMENT = {"code": "agreement", "purpose": Purpose.CONFIRMATION}

SHIPPED = (
    {
        **REMINDER,
        "channel": Channel.TEXT,
        "body_en": "{creditor}, ref. {reference}: your payment of {amount} is due on {day}, as we agreed. If that has "
        "become difficult, please tell us. {disclosure} {opt_out}",
        "body_es": "{creditor}, ref. {reference}: su pago de {amount} vence el {day}, como acordamos. Si se le "
        "dificulta, por favor avísenos. {disclosure} {opt_out}",
    },
    {
        **REMINDER,
        "channel": Channel.EMAIL,
        "subject_en": "Your payment on {day}",
        "subject_es": "Su pago del {day}",
        "body_en": "Dear {name},\n\nThis is a reminder that your payment of {amount} to {creditor}, reference "
        "{reference}, is due on {day}, as we agreed.\n\nIf paying has become difficult, please tell us before that "
        "day: we would rather find another way with you.\n\n{disclosure}\n{opt_out}",
        "body_es": "Estimado(a) {name}:\n\nLe recordamos que su pago de {amount} a {creditor}, referencia {reference}, "
        "vence el {day}, como acordamos.\n\nSi se le dificulta pagar, por favor avísenos antes de ese día: preferimos "
        "buscar con usted otra forma.\n\n{disclosure}\n{opt_out}",
    },
    {
        **CONFIRMATION,
        "channel": Channel.TEXT,
        "body_en": "{creditor}, ref. {reference}: thank you. You agreed to pay {amount} by {day}. Until then we will "
        "not chase this payment. {disclosure} {opt_out}",
        "body_es": "{creditor}, ref. {reference}: gracias. Usted acordó pagar {amount} a más tardar el {day}. Hasta "
        "entonces no le insistiremos por este pago. {disclosure} {opt_out}",
    },
    {
        **CONFIRMATION,
        "channel": Channel.EMAIL,
        "subject_en": "What we agreed, reference {reference}",
        "subject_es": "Lo que acordamos, referencia {reference}",
        "body_en": "Dear {name},\n\nThank you. You agreed to pay {amount} to {creditor}, reference {reference}, by "
        "{day}. Until then we will not chase this payment. If you miss it, we will get in touch to see what is "
        "possible.\n\n{disclosure}\n{opt_out}",
        "body_es": "Estimado(a) {name}:\n\nGracias. Usted acordó pagar {amount} a {creditor}, referencia {reference}, "
        "a más tardar el {day}. Hasta entonces no le insistiremos por este pago. Si no pudiera hacerlo, nos "
        "comunicaremos para ver qué es posible.\n\n{disclosure}\n{opt_out}",
    },
    {
        **CONTACT_US,
        "channel": Channel.TEXT,
        "body_en": "{creditor}, ref. {reference}: please contact us about your account, we would like to find a way "
        "that works for you. {disclosure} {opt_out}",
        "body_es": "{creditor}, ref. {reference}: por favor comuníquese con nosotros sobre su cuenta, queremos "
        "encontrar una forma que le funcione. {disclosure} {opt_out}",
    },
    {
        **CONTACT_US,
        "channel": Channel.EMAIL,
        "subject_en": "Please contact us, reference {reference}",
        "subject_es": "Por favor comuníquese, referencia {reference}",
        "body_en": "Dear {name},\n\n{due_now} is now due to {creditor} under reference {reference}. Please contact us: "
        "if you can't pay all of it, we would like to find a way that works for you.\n\n{disclosure}\n{opt_out}",
        "body_es": "Estimado(a) {name}:\n\nTiene vencido un importe de {due_now} con {creditor}, referencia "
        "{reference}. Por favor comuníquese con nosotros: si no puede pagarlo completo, queremos encontrar una forma "
        "que le funcione.\n\n{disclosure}\n{opt_out}",
    },
    {
        **ANSWER,
        "channel": Channel.TEXT,
        "body_en": "{creditor}, ref. {reference}: thank you for your message. Somebody will answer you soon. "
        "{disclosure} {opt_out}",
        "body_es": "{creditor}, ref. {reference}: gracias por su mensaje. Pronto le responderemos. "
        "{disclosure} {opt_out}",
    },
    {
        **ANSWER,
        "channel": Channel.EMAIL,
        "subject_en": "Your message, reference {reference}",
        "subject_es": "Su mensaje, referencia {reference}",
        "body_en": "Dear {name},\n\nThank you for your message. Somebody will answer you soon.\n\n{disclosure}\n"
        "{opt_out}",
        "body_es": "Estimado(a) {name}:\n\nGracias por su mensaje. Pronto le responderemos.\n\n{disclosure}\n{opt_out}",
    },
    {
        **OFFER,
        "channel": Channel.TEXT,
        "body_en": "{creditor}, ref. {reference}: what we offer you. {terms} Read and accept it by {day}: {link} "
        "{disclosure} {opt_out}",
        "body_es": "{creditor}, ref. {reference}: lo que le ofrecemos. {terms} Léalo y acéptelo a más tardar el {day}: "
        "{link} {disclosure} {opt_out}",
    },
    {
        **OFFER,
        "channel": Channel.EMAIL,
        "subject_en": "What we offer you, reference {reference}",
        "subject_es": "Lo que le ofrecemos, referencia {reference}",
        "body_en": "Dear {name},\n\nThis is what we offer you for your account with {creditor}, reference {reference}:"
        "\n\n{terms}\n\nRead it and accept it by {day} on this page, which is yours only:\n{link}\n\nNothing is "
        "agreed until you accept. If something else would suit you better, please tell us.\n\n{disclosure}\n{opt_out}",
        "body_es": "Estimado(a) {name}:\n\nEsto es lo que le ofrecemos para su cuenta con {creditor}, referencia "
        "{reference}:\n\n{terms}\n\nLéalo y acéptelo a más tardar el {day} en esta página, que es solo suya:\n{link}"
        "\n\nNada queda acordado hasta que usted lo acepte. Si le conviene otra cosa, por favor díganos.\n\n"
        "{disclosure}\n{opt_out}",
    },
    {
        **AGREEMENT,
        "channel": Channel.TEXT,
        "body_en": "{creditor}, ref. {reference}: thank you, this is agreed. {terms} Your copy: {link} {disclosure} "
        "{opt_out}",
        "body_es": "{creditor}, ref. {reference}: gracias, quedó acordado. {terms} Su copia: {link} {disclosure} "
        "{opt_out}",
    },
    {
        **AGREEMENT,
        "channel": Channel.EMAIL,
        "subject_en": "Our agreement, reference {reference}",
        "subject_es": "Nuestro acuerdo, referencia {reference}",
        "body_en": "Dear {name},\n\nThank you. This is what we agreed for your account with {creditor}, reference "
        "{reference}:\n\n{terms}\n\nYour copy of the agreement is on this page, which is yours only:\n{link}\n\n"
        "{disclosure}\n{opt_out}",
        "body_es": "Estimado(a) {name}:\n\nGracias. Esto es lo que acordamos para su cuenta con {creditor}, "
        "referencia {reference}:\n\n{terms}\n\nSu copia del acuerdo está en esta página, que es solo suya:\n{link}"
        "\n\n{disclosure}\n{opt_out}",
    },
)
