internal import CommandLanguage

extension HelpTopic {
  static let settings = HelpTopic(
    name: "settings", summary: "what 'set' can change, and where values come from"
  ) {
    [
      .paragraph(
        """
        'set NAME VALUE' applies to the session, 'set NAME VALUE --workspace' to later sessions, \
        too; 'reset NAME' undoes it. 'show settings' lists the current values.
        """),
      .rows(
        heading: "settings",
        Setting.all.map { ($0.name, "\($0.summary): \($0.rule) (built-in: \($0.initial))") }),
      .rows(
        heading: "where a value comes from, the first that exists",
        [
          ("an option", "such as --mode csv when the program starts, or show --rows 5"),
          ("the session", "'set'"),
          (
            "the environment", Setting.all.prefix(3).map(\.variable).joined(separator: ", ") + ", …"
          ),
          ("the workspace", "'set … --workspace'"),
          ("the user", "'set' lines in ~/.config/parallax/config.plx"),
          ("built-in", "the values above"),
        ]),
      .lines(heading: "examples", ["set show.rows 50", "set mode csv --workspace", "reset all"]),
    ]
  }
}
