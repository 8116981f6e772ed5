internal import CommandLanguage
internal import ParallaxReporting

extension HelpTopic {
  /// Pages of Markdown that run and check themselves.
  static let notebooks = HelpTopic(
    name: "notebooks", summary: "pages of Markdown whose commands run and whose output is checked"
  ) {
    [
      .paragraph(
        """
        A notebook is a Markdown page (.md). Its fenced blocks of ```parallax run from top to bottom; \
        all else is prose. In a block, lines that start with '> ' are commands, and the lines below \
        one are what it prints. A block without '> ' holds commands whose output is not compared.
        """),
      .lines(
        heading: "a page",
        [
          "---", "parallax: 1", "needs: [photos@base]", "params: { k: 2 }", "---", "# Night shots",
          "",
          "```parallax", "> query photos@base --text \"red car\" --top $k --columns rank,id,score",
          "rank  id     score", "   1  00412  0.312", "...", "```",
        ]),
      .rows(
        heading: "at the top, between two lines of ---",
        [
          ("parallax: 1", "the version of the language"),
          (
            "needs: [a, b@c]",
            "what must be there: the notebook then runs in this workspace. Without it 'check' starts in "
              + "an empty one, which is removed"
          ),
          ("params: { k: 4 }", "variables, which 'run FILE k=20' replaces"),
        ]),
      .rows(
        heading: "commands and output",
        [
          ("> command", "a command"),
          (". more", "continues one that ends in \\ or |, or whose quote is open"),
          (Wildcard.lines, "alone on a line: any lines, also none"),
          (Wildcard.text, "within a line: any text, also none"),
          (
            "exit: 2", "last: the command fails with this exit code, and what is above is its error"
          ),
        ]),
      .rows(
        heading: "on the line of the fence",
        [
          ("tol=0.01", "numbers may be that far apart, besides rounding"),
          ("rows=set", "rows may stand in any order"),
          ("overlap=0.9", "so many of the rows must be there, by their ids and in any order"),
        ]),
      .paragraph(
        """
        Tables are compared as they are laid out for 100 columns, plain, with the built-in settings: \
        no setting, variable or result of yours counts. Notes and times are not compared. Blanks are \
        alike however many. A number with a point must agree to the digits that the page writes; whole \
        numbers, ids and texts must be equal. Rows whose scores differ by at most 0.001 may swap. The \
        text of an error counts without its place.
        """),
      .paragraph(
        """
        'check FILE --update' also writes FILE's lock (night.lock.json): collections, spaces, seeds and \
        metrics behind the numbers. A check compares it first and names what changed, such as another \
        model, before the differences that follow from it.
        """),
      .lines(
        heading: "examples",
        ["run night.md k=20", "check night.md", "check night.md --update", "record start night.md"]),
    ]
  }
}
