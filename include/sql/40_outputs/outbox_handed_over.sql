-- outputs.messages, the moment before the channel is given a message. A kill before it has sent nothing.
update outputs.messages set handed_over_at = %(now)s
where message_id = %(message)s and state = 'sending';
