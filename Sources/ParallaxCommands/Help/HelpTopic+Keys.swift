internal import CommandLanguage
internal import ParallaxProviders

extension HelpTopic {
  static let keys = HelpTopic(
    name: "keys", summary: "keys on the keyboard, in metadata tables and of providers"
  ) {
    [
      .rows(
        heading: "at the prompt",
        [
          (
            "Tab",
            "complete a command, an option, a name, a field or a file; press twice to list them"
          ),
          ("Ctrl-C", "stop the running command, or clear the line"),
          ("Ctrl-D", "end the session, on an empty line"),
          ("Ctrl-R", "search earlier lines; the arrow keys step through them"),
          ("Ctrl-Z", "return to the shell; 'fg' comes back"),
          ("VERB?", "the help of a verb, as 'help VERB'"),
          ("\\ at the end", "the line continues; also after '|' and within quotes"),
        ]),
      .rows(
        heading: "in metadata tables",
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
      .paragraph(
        "A provider's rerankers take the same key and the same address; 'gemini-judge' those of gemini."
      ),
      .paragraph("Never write a key in a command; 'describe model NAME' shows what a model needs."),
    ]
  }
}

extension Provider {
  /// What its models say under a name, once.
  static func fact(_ name: String) -> String? {
    models.lazy.flatMap(\.facts).first { $0.name == name }?.value
  }
}
