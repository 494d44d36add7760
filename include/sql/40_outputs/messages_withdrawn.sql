-- outputs.messages, one message that is no longer needed, and why. Re-run: it stays withdrawn.
update outputs.messages set
    state = 'withdrawn',
    lease_until = null,
    error = %(reason)s
where message_id = %(message)s and state in ('planned', 'sending', 'unknown');
