internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
private import ParallaxSystem
private import ParallaxText
internal import ParallaxWorkbench

/// Pictures of rows with their fields, ready to be written to a terminal.
struct DrawnPictures: Sendable {
  /// Texts that are written one after the other.
  var bands: [String]
  /// How many rows they show.
  var rows: Int
}

/// A picture with lines under it.
struct PictureCard: Sendable {
  let source: ReportPicture.Source
  /// As people read them; not escaped.
  let fields: [String]

  init(_ item: ItemRecord, _ fields: [String]) {
    (source, self.fields) = (item.picture, fields)
  }

  init(path: String, _ fields: [String]) {
    (source, self.fields) = (ReportPicture.Source(path: path, hash: nil), fields)
  }
}

extension Session {
  /// Draws some pictures.
  ///
  /// - Returns: also the reasons of pictures that could not be made.
  /// - Throws: `CancellationError`.
  func draw(
    _ cards: [PictureCard], on outlet: PictureOutlet, _ handler: @escaping EventHandler
  ) async throws -> (DrawnPictures, failures: [String]) {
    let pictures = try await bench.terminalPictures(
      of: Array(Set(cards.map(\.source))), as: outlet.style.material, in: outlet.box.pixels, handler
    )
    let width = console.width ?? 80
    var failures: [String] = []
    let drawn = cards.map { card in
      let picture = pictures[card.source] ?? .failed(reason: "'\(card.source.path)' was not read")
      if case .failed(let reason) = picture { failures.append(reason) }
      return PictureSheet.Card(
        picture: picture, fields: card.fields.map { TerminalText.escaped($0) })
    }
    let bands = try await offMainActor {
      try PictureSheet(outlet.style, outlet.box, outlet.colors, width: width)
        .bands([.init(heading: nil, cards: drawn)])
    }
    return (DrawnPictures(bands: bands, rows: cards.count), failures)
  }

  /// Draws the pictures of the first rows of a result.
  ///
  /// - Parameters:
  ///   - items: of those rows.
  ///   - table: of the result, with the columns that are shown.
  /// - Returns: also the reasons of pictures that could not be made.
  /// - Throws: `CancellationError`.
  func draw(
    _ items: [ResultItem], _ table: Table, on outlet: PictureOutlet,
    _ handler: @escaping EventHandler
  ) async throws -> (DrawnPictures, failures: [String]) {
    let (workspace, bench) = (workspace, bench)
    let sources = try await offMainActor {
      var sources: [ResultItem: ReportPicture.Source] = [:]
      for (name, items) in Dictionary(grouping: items, by: \.collection) {
        // A collection may be gone while its results are kept.
        guard let collection = try? workspace.collection(named: name) else { continue }
        let records = try workspace.items(named: Set(items.map(\.id)), in: collection)
        for item in items { sources[item] = records[item.id]?.picture }
      }
      return sources
    }
    let pictures = try await bench.terminalPictures(
      of: Array(Set(sources.values)), as: outlet.style.material, in: outlet.box.pixels, handler)
    let drawn = items.map { item in
      sources[item].flatMap { pictures[$0] }
        ?? .failed(reason: "'\(item.id.rawValue)' is no longer in '\(item.collection)'")
    }
    let failures = drawn.compactMap { picture -> String? in
      if case .failed(let reason) = picture { reason } else { nil }
    }
    let (digits, width) = (settings[.showPrecision], console.width ?? 80)
    let bands = try await offMainActor {
      let fields = try table.fields(items.count, fractionDigits: digits)
      var groups: [PictureSheet.Group] = []
      for (place, item) in items.enumerated() {
        let card = PictureSheet.Card(picture: drawn[place], fields: fields[place])
        if let last = groups.last, last.heading == item.question {
          groups[groups.count - 1].cards.append(card)
        } else {
          groups.append(.init(heading: item.question, cards: [card]))
        }
      }
      return try PictureSheet(outlet.style, outlet.box, outlet.colors, width: width).bands(groups)
    }
    return (DrawnPictures(bands: bands, rows: items.count), failures)
  }
}

extension Table {
  /// The fields of the first rows as people read them, each with its name.
  fileprivate func fields(_ most: Int, fractionDigits: Int) throws -> [[String]] {
    let names = columns.map { TerminalText.escaped($0.name) }
    return try replacing(rows: Array(rows.prefix(most))).texts(fractionDigits: fractionDigits)
      .map { row in
        zip(names, row).map { name, text in text.map { "\(name) = \($0)" } ?? "\(name) =" }
      }
  }
}
