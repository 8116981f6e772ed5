internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting

extension HelpTopic {
  static let formats = HelpTopic(
    name: "formats", summary: "formats of results and files"
  ) {
    [
      .rows(
        heading: "formats of results",
        FormatRegistry.all.map { format in
          let endings = format.fileExtensions.map { ".\($0)" }.joined(separator: " ")
          return (format.id, format.summary + (endings.isEmpty ? "" : " (\(endings))"))
        }),
      .rows(
        heading: "for files alone",
        [
          (
            ParquetTable.id, "\(ParquetTable.summary) (.\(ParquetTable.fileExtension))"
          )
        ]),
      .rows(
        heading: "forms of the vectors of a space",
        VectorFormatRegistry.all.map { (".\($0.fileExtension)", $0.summary) }),
      .paragraph(
        """
        'set mode FORMAT', or --mode when the program starts, sets the format for the standard \
        output; 'show RESULT --mode FORMAT' uses a format once; 'export RESULT --to FILE' takes it \
        from the ending, or from --format; 'export COLLECTION@SPACE --to FILE' writes vectors. Tables are cut to the width of the terminal; in a pipe \
        or a file nothing is cut.
        """),
      .lines(
        heading: "examples",
        [
          "export red --to red.csv", "export photos@base --to vectors.npy", "show red --mode line",
          "set mode jsonl",
        ]),
    ]
  }
}
