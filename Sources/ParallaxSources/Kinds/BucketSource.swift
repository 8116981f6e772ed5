internal import ParallaxCore
internal import ParallaxHTTP
internal import ParallaxIngest

/// Pictures that are objects of a bucket.
struct BucketSource: PictureSource {
  /// Objects whose first bytes are looked at side by side.
  private static let heads = 16
  /// Of a page of a list.
  private static let largestPage = 16 << 20

  let access: SourceAccess
  let store: ObjectStore

  static func reads(_ path: String) -> Bool { path.hasPrefix("s3://") }

  func picture(
    at path: String, unless known: PictureState?, atMost limit: Int
  ) async throws -> PictureReply {
    try access.checkNetwork(for: path)
    let place = try BucketPlace(path)
    let condition = known?.tag.map { [("If-None-Match", $0)] } ?? []
    let response = try await store.get(
      place.key, in: place.bucket, headers: condition, atMost: limit, shown: path
    ) { (200..<300).contains($0) || $0 == 304 && !condition.isEmpty }
    guard response.status != 304 else { return .unchanged }
    return .picture(
      response.body, PictureState(tag: response.header("ETag"), modified: response.lastModified))
  }

  /// The pictures below a place, page by page.
  ///
  /// - Parameter isKnown: whether an object of a path and tag is known to be a picture.
  func listing(
    of path: String, _ selection: consuming NameSelection,
    isKnown: @Sendable (_ path: String, _ tag: String) -> Bool, _ progress: ProgressHandler?
  ) async throws -> SourceListing {
    try access.checkNetwork(for: path)
    let place = try BucketPlace(path)
    let prefix = place.key.isEmpty ? "" : place.key + "/"
    var selection = selection
    var items: [SourceItem] = []
    var failures: [(object: StoredObject, error: ParallaxError)] = []
    var seen = 0
    var next: String?
    repeat {
      let page = try await page(of: place.bucket, prefix, after: next, path)
      var unclear: [StoredObject] = []
      var taken: [StoredObject] = []
      for object in page.objects where object.key.hasPrefix(prefix) && !object.key.hasSuffix("/") {
        switch selection.verdict(on: String(object.key.dropFirst(prefix.count)), size: object.size)
        {
        case .take: taken.append(object)
        case .look where isKnown("s3://\(place.bucket)/\(object.key)", object.tag):
          taken.append(object)
        case .look: unclear.append(object)
        case .leave: continue
        }
      }
      for (object, head) in try await heads(of: unclear, in: place.bucket) {
        switch head {
        case .success(let bytes): if selection.isPicture(bytes) { taken.append(object) }
        case .failure(let error): failures.append((object, error))
        }
      }
      taken.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      items += taken.map { Self.item($0, in: place.bucket, below: prefix) }
      seen += page.objects.count
      progress?(Progress("listing", completed: seen, total: nil, unit: "objects"))
      next = page.next
    } while next != nil
    guard seen > 0 else {
      throw ParallaxError(
        .unreadableFile, "there is no object below '\(path)'",
        hint: "a place is a whole part of a key; --glob selects by parts of names")
    }
    // One that cannot be looked at must not hide the others; what it is stays unknown.
    return SourceListing(
      root: path, items: items,
      issues: selection.issues
        + failures.map { object, error in
          IngestIssue(
            .unreadableFile, .error, subject: "s3://\(place.bucket)/\(object.key)",
            reason: error.message)
        },
      unreadablePaths: failures.map { "s3://\(place.bucket)/\($0.object.key)" })
  }

  private func page(
    of bucket: String, _ prefix: String, after next: String?, _ path: String
  ) async throws -> ObjectPage {
    try Task.checkCancellation()
    var query = [("encoding-type", "url"), ("list-type", "2"), ("prefix", prefix)]
    if let next { query.append(("continuation-token", next)) }
    let response = try await store.get(
      in: bucket, query: query, atMost: Self.largestPage, shown: path)
    return try ObjectPage(response.body, of: path)
  }

  /// The first bytes of objects whose names do not say that they are pictures.
  private func heads(
    of objects: [StoredObject], in bucket: String
  ) async throws -> [(StoredObject, Result<[UInt8], ParallaxError>)] {
    var found: [(StoredObject, Result<[UInt8], ParallaxError>)] = []
    for start in stride(from: 0, to: objects.count, by: Self.heads) {
      let slice = objects[start..<min(start + Self.heads, objects.count)]
      found += try await withThrowingTaskGroup(
        of: (StoredObject, Result<[UInt8], ParallaxError>).self
      ) { group in
        for object in slice {
          group.addTask {
            do { return (object, .success(try await head(of: object, in: bucket))) } catch let error
              as ParallaxError where error.code == .unreadableFile
            {
              return (object, .failure(error))
            }
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    }
    return found
  }

  private func head(of object: StoredObject, in bucket: String) async throws -> [UInt8] {
    let count = NameSelection.headLength
    let response = try await store.get(
      object.key, in: bucket, headers: [("Range", "bytes=0-\(count - 1)")],
      // A store without ranges sends all.
      atMost: PictureSources.largest, shown: "s3://\(bucket)/\(object.key)")
    return Array(response.body.prefix(count))
  }

  private static func item(
    _ object: StoredObject, in bucket: String, below prefix: String
  ) -> SourceItem {
    SourceItem(
      file: FoundFile(
        path: "s3://\(bucket)/\(object.key)",
        relativePath: String(object.key.dropFirst(prefix.count)), size: object.size,
        modified: object.modified, changed: PictureState(tag: object.tag).change,
        tag: object.tag))
  }
}

/// `s3://BUCKET/KEY`, or `s3://BUCKET/PART/PART` of the keys below.
package struct BucketPlace: Sendable, Hashable {
  package let bucket: String
  /// Without slashes at its ends where it is a place; empty for a whole bucket.
  package let key: String

  /// - Throws: `invalid-value` for what is none.
  package init(_ path: String) throws {
    let rest = path.hasPrefix("s3://") ? path.dropFirst(5) : ""
    let bucket = rest.prefix { $0 != "/" }
    let isName = bucket.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0)
        || "-._".utf8.contains($0)
    }
    guard (3...255).contains(bucket.utf8.count), isName, bucket.first != ".", !bucket.contains("..")
    else {
      throw ParallaxError(
        .invalidValue, "a place in a bucket is s3://BUCKET or s3://BUCKET/PREFIX; got '\(path)'",
        hint: "names of buckets have 3 to 63 small letters, digits, points and dashes")
    }
    self.bucket = String(bucket)
    key = String(rest.dropFirst(bucket.count).dropFirst())
  }

  /// The place as it is stored: without slashes at its end.
  package var canonical: String {
    var key = key[...]
    while key.hasSuffix("/") { key.removeLast() }
    return key.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(key)"
  }
}
