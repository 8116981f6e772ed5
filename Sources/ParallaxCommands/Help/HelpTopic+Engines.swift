internal import CommandLanguage
internal import ParallaxPublishing

extension HelpTopic {
  static let engines = HelpTopic(
    name: "engines", summary: "engines beyond this machine: publish, query --on"
  ) {
    [
      .paragraph(
        """
        'publish photos@base --to URL' keeps the vectors and the metadata of a space in an engine, and \
        'query photos@base … --on URL' asks it there. Paths of files are of this machine and are not published. \
        A condition means there what it means here; what an engine cannot be asked is refused.
        """),
      .rows(
        heading: "addresses",
        EngineRegistry.all.map { engine in
          (engine.addressForm, "\(engine.summary); \(engine.secretRule)")
        }),
      .rows(
        heading: "options of publish",
        EngineRegistry.all.map { engine in
          (
            engine.id,
            engine.options.map { "--\($0.rawValue) \(engine.words(of: $0))" }
              .joined(separator: "; ")
          )
        }),
    ]
  }
}
