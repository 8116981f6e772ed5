internal import CommandLanguage
internal import ParallaxStorage

extension HelpTopic {
  /// The language of `--where`.
  static let conditions = HelpTopic(
    name: "where", summary: "conditions on metadata, as --where takes them"
  ) {
    [
      .paragraph(
        """
        Put a condition in double quotes and the texts in it in single quotes: --where "colour = \
        'red' and year >= 2020". 'list fields COLLECTION' shows the fields.
        """),
      .rows(
        heading: "comparisons",
        [
          ("= != <> < <= > >=", "a field with a value or another field of its kind"),
          ("in (1, 2, 3)", "one of several values; also 'not in'"),
          ("between 1 and 9", "both ends count; also 'not between'"),
          (
            "like 'a%'",
            "'%' matches any characters, '_' one character; ASCII letters match in any case"
          ),
          ("is null, is not null", "whether there is a value"),
          ("and, or, not, ( )", "'not' binds tightest, 'or' loosest; at most 30 levels deep"),
        ]),
      .rows(
        heading: "values",
        [
          ("12, -0.5, 1e6", "numbers"),
          ("'a text'", "two single quotes in it mean one: 'O''Hara'"),
          ("'2024-05-31'", "dates; '2024' and '2024-05' after '>=' and '<'"),
          ("'2024-05-31 12:00'", "dates with a time"),
          ("true, false", "a field of this kind is a condition by itself: --where published"),
          ("\"shot at\"", "a field whose name is not a plain word; in a line: \\\"shot at\\\""),
        ]),
      .rows(
        heading: "fields every image has",
        [
          (
            BuiltInField.allCases.map(\.rawValue).joined(separator: ", "),
            "a metadata field of the same name hides it; 'item.width' still works"
          )
        ]),
      .paragraph(
        """
        A comparison with a missing value is neither true nor false, and so is its negation: 'year \
        != 2020' does not return images without a year.
        """),
      .paragraph(
        """
        --relevant-if of 'eval' and 'compare' takes the same, and a name after a colon for a column of \
        the question: "class = :class and id != :id". Its value has the kind of the field that it is \
        compared with.
        """),
      .lines(
        heading: "examples",
        [
          "query photos@base --text bridge --where \"year >= 2020 and city in ('Paris', 'Rome')\"",
          "query photos@base --text dog --where \"caption like '%lake%' or caption is null\"",
          "filter red --where \"width > height and not published\"",
        ]),
    ]
  }
}
