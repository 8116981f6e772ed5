package import ParallaxCore

extension Workspace {
  // MARK: Collections

  /// - Throws: `already-exists`, `invalid-value` for a name that cannot be typed bare.
  package func createCollection(
    named name: String, description: String? = nil
  ) throws -> ItemCollection { throw pending }

  /// Removes a collection with its items, metadata and spaces.
  package func dropCollection(named name: String) throws { throw pending }

  /// Every collection, by name.
  package func collections() throws -> [CollectionSummary] { throw pending }

  /// - Throws: `unknown-name` with a near name.
  package func collection(named name: String) throws -> ItemCollection { throw pending }

  // MARK: Items

  /// Every item, in ascending order of id bytes.
  package func items(in collection: ItemCollection) throws -> [ItemRecord] { throw pending }

  package func item(_ id: ItemID, in collection: ItemCollection) throws -> ItemRecord? {
    throw pending
  }

  /// Makes all the changes in one transaction, or none.
  ///
  /// The changes count as simultaneous: removals, updates and the old names of
  /// renames speak of the items before, everything else of the items after, so two
  /// items may exchange names.
  ///
  /// - Throws: `unknown-name`, `already-exists` with the item's id.
  @discardableResult
  package func apply(
    _ changes: [ItemChange], to collection: ItemCollection
  ) throws -> ChangeCounts { throw pending }

  // MARK: Metadata

  /// The fields of some items, in the order asked; a field without a value is left out.
  package func metadata(
    of items: [ItemRecord.RowID], in collection: ItemCollection
  ) throws -> [[String: Value]] { throw pending }

  /// One array a field, each aligned with ``items(in:)``; built-in fields may be named too.
  ///
  /// - Throws: `unknown-field`.
  package func metadata(
    for fields: [String], in collection: ItemCollection
  ) throws -> [[Value]] { throw pending }

  /// The metadata fields, by name.
  package func fields(in collection: ItemCollection) throws -> [FieldSummary] { throw pending }

  /// The names and kinds of the metadata fields, by name; cheap enough for completion.
  package func fieldKinds(
    in collection: ItemCollection
  ) throws -> [(name: String, kind: ValueKind)] { throw pending }

  // MARK: Where

  /// The items for which the expression is true (not false, not unknown).
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, pointing into the expression.
  package func rows(
    in collection: ItemCollection, matching expression: WhereExpression
  ) throws -> Set<ItemRecord.RowID> { throw pending }

  /// The rows of a loaded space for which the expression is true.
  package func rowSet(
    in loaded: LoadedSpace, matching expression: WhereExpression
  ) throws -> RowSet { throw pending }

  // MARK: Spaces

  /// Makes a space, or returns the one of that name when it has the same identity.
  ///
  /// - Throws: `already-exists` naming the parts of the identity that differ.
  package func createSpace(
    named name: String, in collection: ItemCollection, spec: EmbeddingSpec
  ) throws -> Space { throw pending }

  /// - Throws: `unknown-name` with a near name.
  package func space(named name: String, in collection: ItemCollection) throws -> Space {
    throw pending
  }

  package func dropSpace(named name: String, in collection: ItemCollection) throws { throw pending }

  /// The spaces of a collection, by name.
  package func spaces(in collection: ItemCollection) throws -> [SpaceSummary] { throw pending }

  // MARK: Vectors

  /// Stores vectors in one transaction; they take the place of older ones of the same items.
  ///
  /// Takes the items' failures away.
  ///
  /// - Throws: `invalid-value` for another dimension or a value that is not finite; nothing is stored then.
  package func append(_ vectors: [StoredVector], to space: Space) throws { throw pending }

  /// The items whose present bytes have a vector: what need not be embedded again.
  package func embeddedHashes(
    in space: Space
  ) throws -> [ItemRecord.RowID: ContentHash] { throw pending }

  /// Stored vectors for some contents from any space of the same identity in the workspace.
  ///
  /// Reads the keys of all those spaces: ask for thousands at a time.
  package func reusableVectors(
    for hashes: [ContentHash], spec: EmbeddingSpec
  ) throws -> [ContentHash: [Float]] { throw pending }

  /// Notes that an item's bytes could not be embedded; a later vector takes the note away.
  package func recordFailure(
    of item: ItemRecord.RowID, hash: ContentHash, error: ParallaxError, in space: Space
  ) throws { throw pending }

  /// The failures that still hold: the item is there with the same bytes. By item id.
  package func failures(in space: Space) throws -> [EmbeddingFailure] { throw pending }

  /// Reads a space into memory, verifying every chunk.
  ///
  /// - Throws: `damaged-data` naming the chunk and the remedy; `cancelled`.
  package func load(_ space: Space, progress: ProgressHandler? = nil) throws -> LoadedSpace {
    throw pending
  }

  /// Deletes the chunks whose checksum does not match; their items count as not embedded.
  ///
  /// What `embed --resume` calls first, so that it embeds them again.
  package func discardDamagedChunks(in space: Space) throws -> [DamagedChunk] { throw pending }

  // MARK: Settings

  /// A setting of the workspace, or `nil`.
  package func setting(named name: String) throws -> String? { throw pending }

  /// Every setting of the workspace, by name.
  package func settings() throws -> [(name: String, value: String)] { throw pending }

  /// Sets a setting; `nil` takes it away.
  package func setSetting(_ name: String, to value: String?) throws { throw pending }

  private var pending: ParallaxError { ParallaxError(.internalError, "not written yet") }
}
