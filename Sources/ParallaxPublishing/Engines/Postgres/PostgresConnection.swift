private import CPostgres
internal import ParallaxCore
internal import ParallaxHTTP
private import Synchronization

/// A statement that a server refused, or that did not reach it.
struct PostgresFailure: Error {
  enum Kind { case refused, lost, stopped }

  var kind: Kind
  /// SQLSTATE; empty where there is none.
  var state: String
  /// The server's words.
  var message: String
}

/// A connection to PostgreSQL. Functions wait, on the thread that calls them, and stop within moments of the
/// task's cancellation; the connection is of no use then.
final class PostgresConnection: Sendable {
  private let library: PostgresLibrary
  /// `nil` after ``close()``.
  private let handle: Mutex<OpaquePointer?>
  private let redactor: Redactor

  /// - Parameter settings: libpq's keywords with their values.
  /// - Throws: `PostgresFailure`, `missing-component`.
  init(_ settings: [(String, String)], redactor: Redactor) throws {
    let library = try PostgresLibrary.shared()
    self.library = library
    self.redactor = redactor
    var opened: OpaquePointer?
    let outcome = try Self.withTexts(settings.map(\.0)) { keywords in
      try Self.withTexts(settings.map(\.1)) { values in
        Self.call(redactor) { message in
          cpostgres_connect(library.handle, keywords, values, Self.stop, &opened, message)
        }
      }
    }
    handle = Mutex(opened)
    if let outcome { throw outcome }
  }

  deinit { close() }

  func close() {
    handle.withLock { handle in
      cpostgres_disconnect(handle)
      handle = nil
    }
  }

  /// As 160014.
  var serverVersion: Int {
    handle.withLock { $0.map { Int(cpostgres_server_version($0)) } ?? 0 }
  }

  /// Runs one statement.
  ///
  /// - Throws: `PostgresFailure`.
  @discardableResult
  func run(_ sql: String, _ parameters: [PostgresParameter] = []) throws -> PostgresRows {
    try handle.withLock { handle in
      guard let handle else { throw Self.closed }
      var result: OpaquePointer?
      let failure = Self.withParameters(parameters) { parameters, count in
        Self.call(redactor) { message in
          cpostgres_run(handle, sql, parameters, count, Self.stop, &result, message)
        }
      }
      if let failure { throw failure }
      guard let result else { throw Self.closed }
      return PostgresRows(result)
    }
  }

  /// Copies rows into a table in binary form.
  ///
  /// - Parameters:
  ///   - sql: `copy … from stdin (format binary)`.
  ///   - body: is handed what sends some bytes.
  /// - Throws: `PostgresFailure`; what `body` throws, after which the connection is of no use.
  func copy(_ sql: String, _ body: (_ send: ([UInt8]) throws -> Void) throws -> Void) throws {
    try handle.withLock { handle in
      guard let handle else { throw Self.closed }
      func check(_ call: (cpostgres_message) -> Int32) throws {
        if let failure = Self.call(redactor, call) { throw failure }
      }
      try check { cpostgres_copy_begin(handle, sql, Self.stop, $0) }
      try body { bytes in
        try check { cpostgres_copy_send(handle, bytes, bytes.count, Self.stop, $0) }
      }
      try check { cpostgres_copy_end(handle, Self.stop, $0) }
    }
  }

  private static var closed: PostgresFailure {
    PostgresFailure(kind: .lost, state: "", message: "the connection was closed")
  }

  /// Asks the task that waits.
  private static let stop: cpostgres_stop = { Task.isCancelled ? 1 : 0 }

  private static func call(
    _ redactor: Redactor, _ body: (cpostgres_message) -> Int32
  ) -> PostgresFailure? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 2048) { text in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 8) { state in
        text.initialize(repeating: 0)
        state.initialize(repeating: 0)
        let code = body(
          cpostgres_message(
            text: text.baseAddress, capacity: text.count, state: state.baseAddress))
        let kind: PostgresFailure.Kind
        switch Int(code) {
        case CPOSTGRES_OK: return nil
        case CPOSTGRES_STOPPED: kind = .stopped
        case CPOSTGRES_LOST: kind = .lost
        default: kind = .refused
        }
        func string(_ buffer: UnsafeMutableBufferPointer<CChar>) -> String {
          buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
        return PostgresFailure(
          kind: kind, state: string(state),
          message: redactor.shown(
            string(text).replacing("\n", with: " ").replacing("\t", with: " "), longest: 400))
      }
    }
  }

  private static func withTexts<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Result
  ) throws -> Result {
    // One block of memory, and where each text begins in it.
    let bytes = texts.flatMap { Array($0.utf8CString) }
    return try bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { throw closed }
      var offset = 0
      var pointers: [UnsafePointer<CChar>?] = texts.map { text in
        defer { offset += text.utf8.count + 1 }
        return start + offset
      }
      pointers.append(nil)
      return try pointers.withUnsafeBufferPointer { pointers in
        guard let first = pointers.baseAddress else { throw closed }
        return try body(first)
      }
    }
  }

  private static func withParameters<Result>(
    _ parameters: [PostgresParameter],
    _ body: (UnsafePointer<cpostgres_parameter>?, Int32) -> Result
  ) -> Result {
    var bytes: [UInt8] = []
    for parameter in parameters { bytes += parameter.bytes ?? [] }
    // An empty value is no null: it has an address, too.
    bytes.append(0)
    return bytes.withUnsafeBufferPointer { bytes in
      var offset = 0
      let raw = parameters.map { parameter in
        let count = parameter.bytes?.count ?? 0
        defer { offset += count }
        return cpostgres_parameter(
          type: parameter.type,
          value: parameter.bytes == nil ? nil : bytes.baseAddress.map { $0 + offset },
          length: Int32(count))
      }
      return raw.withUnsafeBufferPointer { body($0.baseAddress, Int32($0.count)) }
    }
  }
}

/// The rows of a result.
final class PostgresRows {
  private let handle: OpaquePointer

  fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

  deinit { cpostgres_free(handle) }

  var count: Int { Int(cpostgres_row_count(handle)) }

  /// Rows that a statement changed.
  var changed: Int { Int(cpostgres_changed(handle)) }

  /// The bytes of a value in binary form; `nil` for null.
  func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
    var length: Int32 = 0
    guard let start = cpostgres_value(handle, Int32(row), Int32(column), &length) else {
      return nil
    }
    return UnsafeRawBufferPointer(start: start, count: Int(length))
  }

  func text(_ row: Int, _ column: Int) -> String {
    bytes(row, column).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Of `integer` and `bigint`.
  func integer(_ row: Int, _ column: Int) -> Int64? {
    guard let bytes = bytes(row, column) else { return nil }
    switch bytes.count {
    case 8: return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
    case 4: return Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
    default: return nil
    }
  }

  /// Of `double precision`.
  func real(_ row: Int, _ column: Int) -> Double? {
    guard let bytes = bytes(row, column), bytes.count == 8 else { return nil }
    return Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
  }

  func uuid(_ row: Int, _ column: Int) -> PointID? {
    guard let bytes = bytes(row, column), bytes.count == 16 else { return nil }
    return PointID(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  /// Of `real[]`.
  func reals(_ row: Int, _ column: Int) -> [Float]? {
    guard let bytes = bytes(row, column), bytes.count >= 20 else { return nil }
    let count = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 12, as: Int32.self)))
    guard count >= 0, bytes.count == 20 + count * 8 else { return nil }
    return (0..<count).map {
      Float(
        bitPattern: UInt32(
          bigEndian: bytes.loadUnaligned(fromByteOffset: 24 + $0 * 8, as: UInt32.self)))
    }
  }
}
