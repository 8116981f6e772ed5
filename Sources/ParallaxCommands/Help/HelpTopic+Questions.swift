internal import CommandLanguage

extension HelpTopic {
  /// The files of `--queries`.
  static let questions = HelpTopic(
    name: "questions", summary: "files of many questions, as --queries takes them"
  ) {
    [
      .paragraph(
        """
        A file of questions is a CSV or TSV table whose first line names the columns, or one JSON \
        object a line (.jsonl, also BEIR's queries.jsonl). It is UTF-8. Each row is a question.
        """),
      .rows(
        heading: "columns",
        [
          ("id", "names the question; also qid, query_id, _id. Without it: q1, q2, …"),
          ("text", "a description of the images to find; without it the column 'caption'"),
          ("image", "an image file; its path is relative to the folder of the file of questions"),
          ("like", "an item of the collection, by its id"),
          (
            "weight_text, weight_image, weight_like",
            "numbers; 1 where there is none, below 0 to subtract"
          ),
          ("task", "the task type of this question, instead of the space's"),
          ("any other", "metadata of the question, for --columns query.NAME and for slices"),
        ]),
      .paragraph(
        """
        A question has a text, an image or an item, or several of them, which --fuse makes one \
        ranking. A file with a mistake is refused as a whole, with the line. A question whose text \
        or image cannot be embedded stays without an answer, with a warning.
        """),
      .paragraph(
        """
        An item is the question itself if the question asks by it, by a copy of its file, or by an \
        image or item and has its id. 'query' shows such items; evaluations leave them out. A \
        question of text alone is never an item.
        """),
      .paragraph(
        """
        Without a file, 'query --each EXPR' lets the items that fulfil a condition ask for others         like them.
        """),
      .lines(
        heading: "examples",
        [
          "query photos@base --queries queries.csv --top 100",
          "query photos@base --queries queries.csv --dry-run",
          "query photos@base --queries queries.csv --columns query,query.text,rank,id,score",
          "query photos@base --each \"class = 'chair'\" --exclude-self",
        ]),
    ]
  }
}
