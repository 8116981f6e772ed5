/// Columns of a reply, as far as they are read.
struct MilvusRows {
  private(set) var texts: [String: [String]] = [:]
  private(set) var numbers: [String: [Int64]] = [:]
  private(set) var vectors: [Float] = []
  private(set) var dimension = 0

  /// Adds a column of a reply.
  ///
  /// - Throws: `Malformed`
  mutating func add(_ column: ArraySlice<UInt8>) throws {
    var name = ""
    var texts: [String] = []
    var numbers: [Int64] = []
    try ProtobufReader.read(column) { field, value in
      switch field {
      case 2: name = try value.text
      case 3:
        try ProtobufReader.read(value.message) { kind, data in
          // Of all kinds of values only those of the columns that are asked for.
          guard kind == 3 || kind == 6 else { return }
          try ProtobufReader.read(data.message) { field, value in
            guard field == 1 else { return }
            if kind == 6 {
              texts.append(try value.text)
            } else {
              try ProtobufReader.add(value, to: &numbers)
            }
          }
        }
      case 4: try addVectors(value.message)
      default: break
      }
    }
    self.texts[name] = texts
    self.numbers[name] = numbers
  }

  private mutating func addVectors(_ bytes: ArraySlice<UInt8>) throws {
    var (numbers, dimension): ([Float], Int64) = ([], 0)
    try ProtobufReader.read(bytes) { field, value in
      switch field {
      case 1: dimension = try value.whole
      case 2:
        try ProtobufReader.read(value.message) { field, value in
          if field == 1 { try ProtobufReader.add(value, to: &numbers) }
        }
      default: break
      }
    }
    vectors = numbers
    self.dimension = Int(clamping: dimension)
  }

  /// What a query answers.
  init(query reply: [UInt8]) throws {
    try ProtobufReader.read(reply[...]) { field, value in
      if field == 2 { try add(value.message) }
    }
  }

  init() {}

  /// The vectors, one after another.
  ///
  /// - Returns: `nil` unless there are `count` of one length.
  func split(into count: Int) -> [ArraySlice<Float>]? {
    guard dimension > 0, vectors.count.isMultiple(of: dimension),
      vectors.count / dimension == count
    else { return nil }
    return stride(from: 0, to: vectors.count, by: dimension).map {
      vectors[$0..<($0 + dimension)]
    }
  }
}

/// What a search answers, to one question.
struct MilvusHits {
  private(set) var scores: [Float] = []
  private(set) var rows = MilvusRows()

  init(search reply: [UInt8]) throws {
    try ProtobufReader.read(reply[...]) { field, value in
      guard field == 2 else { return }
      try ProtobufReader.read(value.message) { field, value in
        switch field {
        case 3: try rows.add(value.message)
        case 4: try ProtobufReader.add(value, to: &scores)
        default: break
        }
      }
    }
  }
}

/// What Milvus says of a collection.
struct MilvusDescription {
  private(set) var name = ""
  private(set) var properties: [String: String] = [:]

  init(_ reply: [UInt8]) throws {
    try ProtobufReader.read(reply[...]) { field, value in
      switch field {
      case 12: name = try value.text
      case 13:
        var (key, text) = ("", "")
        try ProtobufReader.read(value.message) { field, value in
          if field == 1 { key = try value.text }
          if field == 2 { text = try value.text }
        }
        properties[key] = text
      default: break
      }
    }
  }
}

/// How far an index is.
struct MilvusIndexState {
  private(set) var isFinished = true
  /// Why it will never be.
  private(set) var failure: String?
  private(set) var count = 0

  init(_ reply: [UInt8]) throws {
    try ProtobufReader.read(reply[...]) { field, value in
      guard field == 2 else { return }
      var (state, reason, pending): (Int64, String, Int64) = (0, "", 0)
      try ProtobufReader.read(value.message) { field, value in
        switch field {
        case 7: state = try value.whole
        case 8: reason = try value.text
        case 9: pending = try value.whole
        default: break
        }
      }
      count += 1
      // 3 is finished, 4 has failed.
      if state == 4 { failure = reason }
      isFinished = isFinished && state == 3 && pending == 0
    }
  }
}

/// What Milvus is writing down after it was asked to.
struct MilvusFlush {
  private(set) var segments: [Int64] = []
  private(set) var time: Int64 = 0

  init(_ reply: [UInt8]) throws {
    try ProtobufReader.read(reply[...]) { field, value in
      // Maps from the name of the collection, of which one was asked for.
      guard field == 3 || field == 6 else { return }
      try ProtobufReader.read(value.message) { inner, value in
        guard inner == 2 else { return }
        if field == 6 {
          time = try value.whole
        } else {
          try ProtobufReader.read(value.message) { field, value in
            if field == 1 { try ProtobufReader.add(value, to: &segments) }
          }
        }
      }
    }
  }
}

/// One field of a reply that is a number, 0 where it is missing.
enum MilvusNumber {
  static func read(_ wanted: Int, in reply: [UInt8]) throws -> Int64 {
    var found: Int64 = 0
    try ProtobufReader.read(reply[...]) { field, value in
      if field == wanted { found = try value.whole }
    }
    return found
  }

  /// The same of a text.
  static func text(_ wanted: Int, in reply: [UInt8]) throws -> String {
    var found = ""
    try ProtobufReader.read(reply[...]) { field, value in
      if field == wanted { found = try value.text }
    }
    return found
  }
}
