-- outputs.messages, one planned message written anew from the facts of now. Re-run: the same text again.
update outputs.messages set
    subject = %(subject)s,
    body_text = %(text)s,
    body_html = %(html)s,
    client = %(client)s,
    urgent = %(urgent)s
where message_id = %(message)s and state = 'planned';
