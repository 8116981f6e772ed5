internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxStorage

/// What tables say of the images: those asked for, and those that came with them.
extension Ingester {
  func table(
    _ source: ItemSource, _ listing: SourceListing, _ plan: SyncPlan,
    into outcome: inout IngestOutcome
  ) throws -> IngestTable {
    let items = plan.new + (plan.unchanged + plan.renamed + plan.changed).map(\.to)
    guard let path = source.table else {
      return try foundTables(source, listing, items, into: &outcome)
    }
    outcome.noteUnjoined(listing.tables, joined: path)
    if source.origin == .addresses, path == source.path, listing.pathColumn == nil {
      return try Self.noTable(source)
    }
    var options = source.metadataOptions
    options.knownKinds = try workspace.fixedKinds(in: collection)
    let file = try MetadataFile(path: path, options: options)
    let isManifest = path == source.path
    let join = try file.joined(
      to: items.map(\.target), key: source.key ?? (isManifest ? listing.pathColumn : nil),
      leavingOut: source.origin == .addresses && isManifest ? listing.pathColumn : nil)
    // What a manifest says was reported when it was read as a list of images.
    outcome.add(isManifest ? file.typingIssues : file.issues)
    outcome.add(join, of: file, describesAll: !isManifest)
    return IngestTable(join, items: items.map(\.id), textColumn: source.textColumn)
  }

  /// Joins the tables that came with the images.
  private func foundTables(
    _ source: ItemSource, _ listing: SourceListing, _ items: [IngestItem],
    into outcome: inout IngestOutcome
  ) throws -> IngestTable {
    outcome.add(listing.tableIssues)
    var table = IngestTable()
    for found in listing.tables {
      var options = source.metadataOptions
      options.knownKinds = try workspace.fixedKinds(in: collection)
      let file =
        try found.records.map { try MetadataFile($0, path: found.path, options: options) }
        ?? MetadataFile(path: found.path, options: options)
      let described = found.folder.map { folder in items.filter { $0.file.path.isBelow(folder) } }
      let targets = (described ?? items).map { item in
        var target = item.target
        if let folder = found.folder {
          target.relativePath = String(item.file.path.dropFirst(folder.count + 1))
        }
        return target
      }
      outcome.add(found.records == nil ? file.issues : file.typingIssues)
      for (place, key) in found.keys.enumerated() {
        let join = try file.joined(to: targets, key: key)
        if found.records == nil, place == 0 {
          outcome.add(join, of: file, describesAll: found.keys.count == 1)
        }
        table.merge(IngestTable(join, items: targets.map(\.id), textColumn: nil))
      }
      if found.records == nil { outcome.noteJoined(found) }
    }
    return table
  }

  /// - Throws: `unknown-name` for options about columns, of which there are none.
  private static func noTable(_ source: ItemSource) throws -> IngestTable {
    let asked = source.kinds.keys.sorted() + source.lists.sorted() + [source.key].compactMap(\.self)
    if let first = asked.first {
      throw ParallaxError(
        .unknownName, "'\(source.path)' has no column '\(first)': it has one address a line",
        hint: "give it a line of column names, or describe the images with --meta FILE")
    }
    return IngestTable()
  }
}
