internal import CommandLanguage
internal import ParallaxReporting

extension HelpTopic {
  static let images = HelpTopic(
    name: "images", summary: "pictures on a terminal: show --images"
  ) {
    [
      .paragraph(
        """
        'show RESULT --images' shows a small picture of each row, of at most 256 pixels a side, with the \
        fields of the row below it; at most 'show.rows' of them, or --rows. It takes a result of \
        'query', 'rerank' or 'filter', also one of many questions. A picture that cannot be read says \
        why in its place.
        """),
      .rows(
        heading: "set images",
        [
          ("auto", "the first of the ways below that the terminal is known to understand"),
          (PictureStyle.kitty.rawValue, "the graphics of kitty, Ghostty and Konsole"),
          (PictureStyle.iterm2.rawValue, "the inline images of iTerm2, WezTerm and mintty"),
          (
            PictureStyle.sixel.rawValue,
            "sixel: foot, mlterm, xterm -ti vt340, newer tmux; needs libchafa "
              + "('apt-get install libchafa0'), or the file that PARALLAX_CHAFA names"
          ),
          (
            PictureStyle.blocks.rawValue,
            "half-blocks, two pixels a character, in 24-bit colour or in 256: any other terminal"
          ),
          ("off", "the table alone"),
        ]),
      .paragraph(
        """
        'auto' goes by TERM, TERM_PROGRAM and LC_TERMINAL where they are sure, and otherwise asks the \
        terminal, once a session and for 200 ms at most; what you type meanwhile is kept. It asks at \
        the prompt alone: in a script, keys typed for the next program would be lost, and half-blocks \
        are drawn where the environment says nothing. Within tmux and screen nothing is passed \
        through to the terminal around them.
        """),
      .paragraph(
        """
        In a pipe or a file, in another format than 'table', where TERM is 'dumb', and in the check of \
        a notebook, --images leaves the table as it is. A note says so, which is no failure under \
        --strict: where results go is not the script's matter, and the table is whole. A picture \
        that cannot be read is a warning, which --strict does refuse.
        """),
      .lines(
        heading: "examples",
        ["show red --columns rank,id,score --images --rows 5", "set images blocks"]),
    ]
  }
}
