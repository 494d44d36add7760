-- outputs.messages, one message.
-- grain: message. key: key. Inputs: bound values. Re-run: a key that stands is left as it is and no row comes back.
insert into outputs.messages (
    key, person, channel, client, order_id, subject, body_text, body_html, documents, delivery, urgent, not_before,
    planned_at
)
values (
    %(key)s, %(person)s, %(channel)s, %(client)s, %(order_id)s, %(subject)s, %(text)s, %(html)s, %(documents)s::text[],
    %(delivery)s, %(urgent)s, %(not_before)s, %(now)s
)
on conflict (key) do nothing
returning message_id;
