from rekap.channels import basecamp_comment


def test_only_tags_that_every_account_allows_and_everything_else_escaped() -> None:
    html = basecamp_comment.body('s"g<id', ["1 < 2 & <script>", "baris\nkedua"])
    assert html == (
        '<div><bc-attachment sgid="s&quot;g&lt;id"></bc-attachment> <strong>1 &lt; 2 &amp; &lt;script&gt;</strong>'
        "<br>baris<br>kedua</div>"
    )


def test_without_a_person_to_mention_the_text_stands_alone() -> None:
    assert basecamp_comment.body(None, ["halo"]) == "<div><strong>halo</strong></div>"
