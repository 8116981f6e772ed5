internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What `list publications` shows.
struct PublicationTable {
  let publications: [Publication]

  var table: Table {
    Table(
      columns: [
        .init("space", .text, isKey: true), .init("engine", .text),
        .init("url", .text, isMain: true),
        .init("table", .text, isKey: true), .init("rows", .integer), .init("published", .text),
        .init("options", .text), .init("recall@10", .real, fractionDigits: 4),
        .init("low", .real, fractionDigits: 4), .init("high", .real, fractionDigits: 4),
      ],
      rows: publications.map { publication in
        let certificate = publication.certificate
        return [
          .text(publication.reference), .text(publication.engine), .text(publication.url),
          .text(publication.name), Value(publication.count), .text(publication.published),
          .text(publication.options), certificate.map { .real($0.recall) } ?? .null,
          certificate.map { .real($0.low) } ?? .null, certificate.map { .real($0.high) } ?? .null,
        ]
      })
  }
}

extension Publication {
  /// What `describe` says of it.
  var words: String {
    let measured = certificate.map { "; \($0.words)" } ?? ""
    return "\(url) as '\(name)', \(published): \(count) rows, \(engine), \(similarity.rawValue), "
      + "\(options)\(measured)"
  }
}
