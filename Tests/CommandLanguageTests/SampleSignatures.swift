import CommandLanguage

/// A stand-in for the product's commands, rich enough for every line of the language's manual.
enum Sample {
  static let registry = SignatureRegistry(
    objects + spaces + search + curation + experiments + output + session,
    reserved: ["undo", "edit", "watch", "join", "snapshot", "serve", "publish", "monitor"])

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
    objects: [space, .init("ITEM", .itemID, .any)],
    options: [
      .weighted("text", .text, placeholder: "T", help: "what to look for"),
      .weighted("image", .path, placeholder: "F", help: "an image to look for"),
      .weighted("like", .itemID, placeholder: "ID", help: "an item to look for"),
      .weighted("not-text", .text, placeholder: "T", help: "what to keep away from"),
      top,
      .single("where", .expression, placeholder: "EXPR", help: "only rows that fulfil it"),
      .single("min-score", .number(-1...1), placeholder: "S", help: "only rows at least as near"),
      columns,
    ],
    examples: ["query photos@base --text \"red car\" --top 20"], producesResult: true)

  private static let objects: [CommandSignature] = [
    .init(
      verb: "create", group: "Objects", summary: "make a collection",
      objects: [.keyword("collection"), .init("NAME", .name)],
      options: [.single("desc", .text, placeholder: "TEXT", help: "what it holds")]),
    .init(
      verb: "ingest", group: "Objects", summary: "add the images of a folder",
      objects: [collection, .init("PATH", .path)],
      options: [
        .single("glob", .text, placeholder: "PATTERN", help: "which files"),
        .single("meta", .path, placeholder: "FILE", help: "a table of metadata"),
        .single(
          "key", .fileColumn(of: ["meta"]), placeholder: "FIELD", help: "its column of file names"),
      ]),
    .init(verb: "load", group: "Objects", summary: "load vectors", objects: [space]),
    .init(verb: "unload", group: "Objects", summary: "free vectors", objects: [space]),
    .init(verb: "use", group: "Objects", summary: "choose the space in use", objects: [space]),
    .init(
      verb: "list", aliases: ["ls"], group: "Objects", summary: "list objects",
      objects: [.init("KIND", .choice(["collections", "spaces", "results"]), .optional)],
      producesResult: true),
    .init(
      verb: "describe", aliases: ["info"], group: "Objects", summary: "tell all about an object",
      objects: [.init("OBJECT", .object)], acceptsResult: true, producesResult: true),
  ]

  private static let spaces: [CommandSignature] = [
    .init(
      verb: "embed", group: "Spaces", summary: "embed a collection", objects: [collection],
      options: [
        .single("as", .name, placeholder: "SPACE", help: "the space to make", required: true),
        provider, .single("task", .text, placeholder: "TASK", help: "the task type"),
        .single("dim", .integer(1...65_536), placeholder: "N", help: "the dimension"),
        .flag("dry-run", help: "only say what would be done"),
      ]),
    .init(
      verb: "reembed", group: "Spaces", summary: "embed again with another model",
      objects: [space],
      options: [
        .single("as", .name, placeholder: "SPACE", help: "the space to make", required: true),
        provider, .flag("resume", help: "continue what was interrupted"),
      ]),
    .init(
      verb: "project", group: "Spaces", summary: "cut vectors to smaller dimensions",
      objects: [space],
      options: [.list("dim", .integer(1...65_536), placeholder: "N", help: "the dimensions")]),
  ]

  private static let search: [CommandSignature] = [
    query,
    .init(
      verb: "rerank", group: "Search", summary: "order a result anew",
      objects: [.init("RESULT", .result)],
      options: [
        provider, .single("query", .text, placeholder: "TEXT", help: "what was looked for"), top,
      ], acceptsResult: true, producesResult: true),
    .init(
      verb: "filter", group: "Search", summary: "keep some rows",
      objects: [.init("RESULT", .result)],
      options: [
        .single("min-score", .number(nil), placeholder: "S", help: "only rows at least as near"),
        .single("where", .expression, placeholder: "EXPR", help: "only rows that fulfil it"),
      ], acceptsResult: true, producesResult: true),
  ]

  private static let curation: [CommandSignature] = [
    .init(
      verb: "dedupe", aliases: ["dedup"], group: "Curation", summary: "find duplicates",
      objects: [space],
      options: [
        .single("min-score", .number(-1...1), placeholder: "S", help: "how alike"),
        .single(
          "keep", .choice(["largest", "first", "newest"]), placeholder: "WHICH",
          help: "which to keep"),
      ], producesResult: true),
    .init(
      verb: "cluster", group: "Curation", summary: "find groups", objects: [space],
      options: [
        .single("method", .choice(["leader", "linkage"]), placeholder: "METHOD", help: "how"),
        .single("min-score", .number(-1...1), placeholder: "S", help: "how alike"),
        .single("min-size", .integer(1...Int.max), placeholder: "N", help: "the smallest group"),
      ], producesResult: true),
    .init(
      verb: "gate", group: "Curation", summary: "refuse what is already there",
      objects: [space, .init("PATH", .path, .repeated)],
      options: [
        .single("max-score", .number(-1...1), placeholder: "S", help: "the limit"),
        .flag("fail", help: "exit with 3 when any is refused"),
      ], producesResult: true),
  ]

  private static let experiments: [CommandSignature] = [
    .init(
      verb: "compare", group: "Experiments", summary: "compare spaces",
      objects: [.init("SPACE", .space, .repeated)], options: [queries, qrels, metric],
      producesResult: true),
    .init(
      verb: "diff", group: "Experiments", summary: "see what moved",
      objects: [.init("BEFORE", .space), .init("AFTER", .space)],
      options: [queries, top, .flag("changed", help: "only queries that changed")],
      producesResult: true),
    .init(
      verb: "eval", group: "Experiments", summary: "measure against judgements",
      objects: [.init("SPACE", .space, .repeated)],
      options: [
        queries, qrels, metric,
        .single("by", .column, placeholder: "FIELD", help: "also for each value of a field"),
      ], producesResult: true),
  ]

  private static let output: [CommandSignature] = [
    .init(
      verb: "export", group: "Output", summary: "write a result to a file",
      objects: [.init("RESULT", .result)],
      options: [
        .single("to", .path, placeholder: "FILE", help: "the file", required: true, short: "o"),
        columns, .flag("replace", help: "overwrite the file"),
      ], acceptsResult: true),
    .init(
      verb: "show", group: "Output", summary: "print a result",
      objects: [.init("RESULT", .result, .optional, keywords: ["settings"])],
      options: [
        columns, .flag("images", help: "with thumbnails", negatable: true),
        .single("rows", .integer(0...Int.max), placeholder: "N", help: "how many rows"),
      ], acceptsResult: true, producesResult: true),
    .init(
      verb: "plot", group: "Output", summary: "draw a result",
      objects: [.init("RESULT", .result)],
      options: [
        .single("x", .column, placeholder: "C", help: "the column across"),
        .single("y", .column, placeholder: "C", help: "the column upwards"),
        .single("to", .path, placeholder: "FILE", help: "the file", required: true),
      ], acceptsResult: true),
    .init(
      verb: "report", group: "Output", summary: "write a report",
      objects: [.init("RESULT", .result)],
      options: [
        .single("to", .path, placeholder: "FILE", help: "the file", required: true)
      ], acceptsResult: true),
  ]

  private static let session: [CommandSignature] = [
    .init(
      verb: "let", group: "Session", summary: "name a value",
      objects: [.init("NAME", .variable), .keyword("="), .init("VALUE", .text)]),
    .init(
      verb: "set", group: "Session", summary: "change a setting",
      objects: [.init("SETTING", .setting), .init("VALUE", .settingValue)]),
    .init(
      verb: "history", group: "Session", summary: "show or save what was typed",
      objects: [.init("RANGE", .text, .optional)],
      options: [.single("save", .path, placeholder: "FILE", help: "write it to a file")]),
    .init(
      verb: "record", group: "Session", summary: "write a notebook while working",
      objects: [
        .init("ACTION", .choice(["start", "stop"])), .init("FILE", .path, .optional),
      ]),
    .init(
      verb: "run", group: "Session", summary: "run a script",
      objects: [.init("FILE", .path), .init("NAME=VALUE", .assignment, .any)],
      options: [.flag("dry-run", help: "only say what would be done")]),
    .init(
      verb: "check", group: "Session", summary: "run notebooks and compare",
      objects: [.init("FILE", .path, .repeated)],
      options: [.flag("update", help: "rewrite what failed")]),
    .init(
      verb: "help", group: "Session", summary: "explain a command",
      objects: [.init("VERB", .verb, .optional)]),
    .init(verb: "quit", aliases: ["exit", "q"], group: "Session", summary: "leave"),
  ]
}
