internal import CommandLanguage
internal import ParallaxProviders

extension HelpTopic {
  static let keys = HelpTopic(
    name: "keys", summary: "keys of the keyboard, of metadata tables and of providers"
  ) {
    [
      .rows(
        heading: "at the prompt",
        [
          ("Tab", "complete a command, an option, a name, a field, a file; twice lists them"),
          ("Ctrl-C", "stop the running command, or clear the line"),
          ("Ctrl-D", "leave, on an empty line"),
          ("Ctrl-R", "search the lines typed before; the arrow keys walk through them"),
          ("Ctrl-Z", "back to the shell; 'fg' returns"),
          ("\\ at the end", "the line goes on; so it does after '|' and within quotes"),
        ]),
      .rows(
        heading: "of metadata tables",
        [
          (
            "ingest --key COLUMN",
            "the column of --meta that names the image: its file name, with or without the ending, its "
              + "path, or its id"
          )
        ]),
      .rows(
        heading: "of providers, in environment variables",
        ProviderRegistry.all.compactMap { provider in
          provider.fact("key").map { (provider.id, $0) }
        }),
      .paragraph("A key never stands in a command; 'describe model NAME' says what a model needs."),
    ]
  }
}

extension Provider {
  /// What its models say under a name, once.
  static func fact(_ name: String) -> String? {
    models.lazy.flatMap(\.facts).first { $0.name == name }?.value
  }
}
