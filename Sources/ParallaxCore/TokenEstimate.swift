/// How many tokens a text is, where no tokenizer counts them.
package enum TokenEstimate {
  /// About four characters a token in English, and no text is free.
  package static func tokens(in text: String) -> Int { max(1, text.utf8.count / 4) }
}
