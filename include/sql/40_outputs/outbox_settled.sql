-- outputs.messages, what became of a message: sent, failed, unknown, withdrawn, or planned again when nothing left.
-- Re-run: the same outcome again.
update outputs.messages set
    state = %(state)s,
    lease_until = null,
    handed_over_at = case when %(state)s <> 'planned' then handed_over_at end,
    sent_at = case when %(state)s = 'sent' then %(now)s::timestamptz end,
    external_id = coalesce(%(external_id)s, external_id),
    error = %(error)s
where message_id = %(message)s and state = 'sending';
