import CommandLanguage

/// A stand-in for the product's commands, rich enough for every line of the language's manual.
enum Sample {
  static let registry = SignatureRegistry(
    objects + spaces + search + curation + experiments + output + session,
    reserved: ["undo", "watch", "join", "snapshot", "serve", "publish", "monitor"])

  static let space = ObjectSpec("COLLECTION@SPACE", .space, .optionalByHand)
  static let collection = ObjectSpec("COLLECTION", .collection)
  static let provider = OptionSpec.single(
    "model", .model, placeholder: "MODEL", help: "the model to embed with")
  static let top = OptionSpec.single(
    "top", .integer(1...10_000), placeholder: "N", help: "how many rows", default: "20", short: "k")
  static let metric = OptionSpec.list("metric", .text, placeholder: "M", help: "what to measure")
  static let queries = OptionSpec.single(
    "queries", .path, placeholder: "FILE", help: "the queries, one a line")
  static let qrels = OptionSpec.single(
    "qrels", .path, placeholder: "FILE", help: "the judgements")
  static let columns = OptionSpec.list("columns", .column, placeholder: "C", help: "the columns")
  static let query = CommandSignature(
    verb: "query", aliases: ["search", "find"], group: "Search",
    summary: "find the images nearest to texts, images or items",
    discussion: """
      Several terms are combined as a weighted sum; a weight follows its value after '^'.

      Without an option the twenty nearest rows are shown.
      """,
    objects: [space, ObjectSpec("ITEM", .itemID, .any)],
    options: [
      OptionSpec.weighted("text", .text, placeholder: "T", help: "what to look for"),
      OptionSpec.weighted("image", .path, placeholder: "F", help: "an image to look for"),
      OptionSpec.weighted("like", .itemID, placeholder: "ID", help: "an item to look for"),
      OptionSpec.weighted("not-text", .text, placeholder: "T", help: "what to keep away from"),
      top,
      OptionSpec.single(
        "where", .expression, placeholder: "EXPR", help: "only rows that fulfil it"),
      OptionSpec.single(
        "min-score", .number(-1...1), placeholder: "S", help: "only rows at least as near"),
      columns,
    ],
    examples: ["query photos@base --text \"red car\" --top 20"], producesResult: true)

  private static let objects: [CommandSignature] = [
    .init(
      verb: "create", group: "Objects", summary: "make a collection",
      objects: [ObjectSpec.keyword("collection"), ObjectSpec("NAME", .name)],
      options: [OptionSpec.single("desc", .text, placeholder: "TEXT", help: "what it holds")]),
    .init(
      verb: "ingest", group: "Objects", summary: "add the images of a folder",
      objects: [collection, ObjectSpec("PATH", .path)],
      options: [
        OptionSpec.single("glob", .text, placeholder: "PATTERN", help: "which files"),
        OptionSpec.single("meta", .path, placeholder: "FILE", help: "a table of metadata"),
        OptionSpec.single(
          "key", .fileColumn(of: ["meta"]), placeholder: "FIELD", help: "its column of file names"),
      ]),
    .init(verb: "load", group: "Objects", summary: "load vectors", objects: [space]),
    .init(verb: "unload", group: "Objects", summary: "free vectors", objects: [space]),
    .init(verb: "use", group: "Objects", summary: "choose the space in use", objects: [space]),
    .init(
      verb: "list", aliases: ["ls"], group: "Objects", summary: "list objects",
      objects: [ObjectSpec("KIND", .choice(["collections", "spaces", "results"]), .optional)],
      producesResult: true),
    .init(
      verb: "describe", aliases: ["info"], group: "Objects", summary: "tell all about an object",
      objects: [ObjectSpec("OBJECT", .object)], acceptsResult: true, producesResult: true),
  ]

  private static let spaces: [CommandSignature] = [
    .init(
      verb: "embed", group: "Spaces", summary: "embed a collection", objects: [collection],
      options: [
        OptionSpec.single(
          "as", .name, placeholder: "SPACE", help: "the space to make", required: true),
        provider, OptionSpec.single("task", .text, placeholder: "TASK", help: "the task type"),
        OptionSpec.single("dim", .integer(1...65_536), placeholder: "N", help: "the dimension"),
        OptionSpec.flag("dry-run", help: "only show what would be done"),
      ]),
    .init(
      verb: "reembed", group: "Spaces", summary: "embed again with another model",
      objects: [space],
      options: [
        OptionSpec.single(
          "as", .name, placeholder: "SPACE", help: "the space to make", required: true),
        provider, OptionSpec.flag("resume", help: "continue what was interrupted"),
      ]),
    .init(
      verb: "project", group: "Spaces", summary: "cut vectors to smaller dimensions",
      objects: [space],
      options: [
        OptionSpec.list("dim", .integer(1...65_536), placeholder: "N", help: "the dimensions")
      ]),
  ]

  private static let search: [CommandSignature] = [
    query,
    .init(
      verb: "rerank", group: "Search", summary: "order a result anew",
      objects: [ObjectSpec("RESULT", .result)],
      options: [
        provider,
        OptionSpec.single("query", .text, placeholder: "TEXT", help: "what was looked for"), top,
      ], acceptsResult: true, producesResult: true),
    .init(
      verb: "filter", group: "Search", summary: "keep some rows",
      objects: [ObjectSpec("RESULT", .result)],
      options: [
        OptionSpec.single(
          "min-score", .number(nil), placeholder: "S", help: "only rows at least as near"),
        OptionSpec.single(
          "where", .expression, placeholder: "EXPR", help: "only rows that fulfil it"),
      ], acceptsResult: true, producesResult: true),
  ]

  private static let curation: [CommandSignature] = [
    .init(
      verb: "dedupe", aliases: ["dedup"], group: "Curation", summary: "find duplicates",
      objects: [space],
      options: [
        OptionSpec.single("min-score", .number(-1...1), placeholder: "S", help: "how alike"),
        OptionSpec.single(
          "keep", .choice(["largest", "first", "newest"]), placeholder: "WHICH",
          help: "which to keep"),
      ], producesResult: true),
    .init(
      verb: "cluster", group: "Curation", summary: "find groups", objects: [space],
      options: [
        OptionSpec.single(
          "method", .choice(["leader", "linkage"]), placeholder: "METHOD", help: "how"),
        OptionSpec.single("min-score", .number(-1...1), placeholder: "S", help: "how alike"),
        OptionSpec.single(
          "min-size", .integer(1...Int.max), placeholder: "N", help: "the smallest group"),
      ], producesResult: true),
    .init(
      verb: "gate", group: "Curation", summary: "refuse what is already there",
      objects: [space, ObjectSpec("PATH", .path, .repeated)],
      options: [
        OptionSpec.single("max-score", .number(-1...1), placeholder: "S", help: "the limit"),
        OptionSpec.flag("fail", help: "exit with 3 when any is refused"),
      ], producesResult: true),
  ]

  private static let experiments: [CommandSignature] = [
    .init(
      verb: "compare", group: "Experiments", summary: "compare spaces",
      objects: [ObjectSpec("SPACE", .space, .repeated)], options: [queries, qrels, metric],
      producesResult: true),
    .init(
      verb: "diff", group: "Experiments", summary: "see what moved",
      objects: [ObjectSpec("BEFORE", .space), ObjectSpec("AFTER", .space)],
      options: [queries, top, OptionSpec.flag("changed", help: "only queries that changed")],
      producesResult: true),
    .init(
      verb: "eval", group: "Experiments", summary: "measure against judgements",
      objects: [ObjectSpec("SPACE", .space, .repeated)],
      options: [
        queries, qrels, metric,
        OptionSpec.single(
          "by", .column, placeholder: "FIELD", help: "also for each value of a field"),
      ], producesResult: true),
  ]

  private static let output: [CommandSignature] = [
    .init(
      verb: "export", group: "Output", summary: "write a result to a file",
      objects: [ObjectSpec("RESULT", .result)],
      options: [
        OptionSpec.single(
          "to", .path, placeholder: "FILE", help: "the file", required: true, short: "o"),
        columns, OptionSpec.flag("replace", help: "overwrite the file"),
      ], acceptsResult: true),
    .init(
      verb: "show", group: "Output", summary: "print a result",
      objects: [ObjectSpec("RESULT", .result, .optional, keywords: ["settings"])],
      options: [
        columns, OptionSpec.flag("images", help: "with thumbnails", negatable: true),
        OptionSpec.single("rows", .integer(0...Int.max), placeholder: "N", help: "how many rows"),
      ], acceptsResult: true, producesResult: true),
    .init(
      verb: "plot", group: "Output", summary: "draw a result",
      objects: [ObjectSpec("RESULT", .result)],
      options: [
        OptionSpec.single("x", .column, placeholder: "C", help: "the column across"),
        OptionSpec.single("y", .column, placeholder: "C", help: "the column upwards"),
        OptionSpec.single("to", .path, placeholder: "FILE", help: "the file", required: true),
      ], acceptsResult: true),
    .init(
      verb: "report", group: "Output", summary: "write a report",
      objects: [ObjectSpec("RESULT", .result)],
      options: [
        OptionSpec.single("to", .path, placeholder: "FILE", help: "the file", required: true)
      ], acceptsResult: true),
  ]

  private static let session: [CommandSignature] = [
    .init(
      verb: "let", group: "Session", summary: "name a value",
      objects: [ObjectSpec("NAME", .variable), ObjectSpec.keyword("="), ObjectSpec("VALUE", .text)]),
    .init(
      verb: "set", group: "Session", summary: "change a setting",
      objects: [ObjectSpec("SETTING", .setting), ObjectSpec("VALUE", .settingValue)]),
    .init(
      verb: "history", group: "Session", summary: "show or save what was typed",
      objects: [ObjectSpec("RANGE", .text, .optional)],
      options: [OptionSpec.single("save", .path, placeholder: "FILE", help: "write it to a file")]),
    .init(
      verb: "record", group: "Session", summary: "write a notebook while working",
      objects: [
        .init("ACTION", .choice(["start", "stop"])), ObjectSpec("FILE", .path, .optional),
      ]),
    .init(
      verb: "run", group: "Session", summary: "run a script",
      objects: [ObjectSpec("FILE", .path), ObjectSpec("NAME=VALUE", .assignment, .any)],
      options: [OptionSpec.flag("dry-run", help: "only show what would be done")]),
    .init(
      verb: "check", group: "Session", summary: "run notebooks and compare",
      objects: [ObjectSpec("FILE", .path, .repeated)],
      options: [OptionSpec.flag("update", help: "rewrite what failed")]),
    .init(
      verb: "help", group: "Session", summary: "explain a command",
      objects: [ObjectSpec("VERB", .verb, .optional)]),
    .init(verb: "quit", aliases: ["exit", "q"], group: "Session", summary: "leave"),
  ]
}
