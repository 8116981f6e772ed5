internal import ParallaxCore
private import ParallaxHTTP

/// An object as a list of a bucket shows it.
struct StoredObject: Sendable, Hashable {
  var key: String
  /// With its quotes.
  var tag: String
  /// In bytes.
  var size: Int64
  /// Nanoseconds since 1970, to the second, as headers tell it.
  var modified: Int64
}

/// One page of what is in a bucket: the reply to `ListObjectsV2`.
struct ObjectPage: Sendable, Hashable {
  private(set) var objects: [StoredObject] = []
  /// What asks for the next page; `nil` for the last one.
  private(set) var next: String?

  /// - Throws: `unreadable-file` where it is none.
  init(_ bytes: [UInt8], of shown: String) throws {
    var object = StoredObject(key: "", tag: "", size: 0, modified: 0)
    var isCut = false
    var isList = false
    var isEscaped = false
    do {
      try XMLText.read(bytes) { path, text in
        isList = isList || path.first == "ListBucketResult"
        if path.count == 3, path[1] == "Contents", let text {
          switch path[2] {
          case "Key": object.key = text
          case "ETag": object.tag = text
          case "Size": object.size = Int64(text) ?? 0
          case "LastModified":
            object.modified = HTTPDate.nanoseconds(ofISO8601: text) ?? 0
          default: return
          }
        }
        guard path.count == 2 else { return }
        switch path[1] {
        case "Contents":
          objects.append(object)
          object = StoredObject(key: "", tag: "", size: 0, modified: 0)
        case "IsTruncated": isCut = text == "true"
        case "NextContinuationToken": next = text
        case "EncodingType": isEscaped = text == "url"
        default: return
        }
      }
    } catch {
      throw Self.fault(shown)
    }
    guard isList, !isCut || next?.isEmpty == false else { throw Self.fault(shown) }
    if !isCut { next = nil }
    guard isEscaped else { return }
    for index in objects.indices {
      guard let key = Self.unescaped(objects[index].key) else { throw Self.fault(shown) }
      objects[index].key = key
    }
  }

  private static func fault(_ shown: String) -> ParallaxError {
    ParallaxError(
      .unreadableFile, "cannot read '\(shown)': the store's answer is no list of a bucket",
      hint: "check AWS_ENDPOINT_URL_S3")
  }

  /// `%XX` as the bytes they are, `+` as a blank.
  static func unescaped(_ text: String) -> String? {
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    var position = 0
    while position < source.count {
      switch source[position] {
      case UInt8(ascii: "%"):
        guard position + 2 < source.count,
          let byte = UInt8(
            String(decoding: source[(position + 1)...(position + 2)], as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(byte)
        position += 3
      case UInt8(ascii: "+"):
        bytes.append(0x20)
        position += 1
      case let byte:
        bytes.append(byte)
        position += 1
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
