private import CSQLite
private import ParallaxDigest

/// 64 bits that change with any bit of a row's values.
struct RowSeal {
  /// The SQL function that gives it for its arguments.
  static let function = "row_seal"

  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ value: OpaquePointer) {
    let type = sqlite3_value_type(value)
    mix(UInt64(truncatingIfNeeded: type))
    switch type {
    case SQLITE_INTEGER: mix(UInt64(bitPattern: sqlite3_value_int64(value)))
    case SQLITE_FLOAT: mix(sqlite3_value_double(value).bitPattern)
    case SQLITE_TEXT, SQLITE_BLOB:
      // A text is not converted: its bytes are what counts.
      let start = sqlite3_value_blob(value)
      let bytes = UnsafeRawBufferPointer(
        start: start, count: start == nil ? 0 : Int(sqlite3_value_bytes(value)))
      mix(UInt64(bytes.count))
      mix(Digest.checksum(bytes))
    default: break
    }
  }

  /// The finaliser of SplitMix64 over the state and a further number.
  private mutating func mix(_ number: UInt64) {
    var sum = (value &* 0x2545_F491_4F6C_DD1D) ^ number
    sum = (sum ^ (sum >> 30)) &* 0xBF58_476D_1CE4_E5B9
    sum = (sum ^ (sum >> 27)) &* 0x94D0_49BB_1331_11EB
    value = sum ^ (sum >> 31)
  }

  /// Makes the function known to a connection.
  static func register(on connection: OpaquePointer) throws(SQLiteError) {
    let code = sqlite3_create_function_v2(
      connection, function, -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
      { context, count, values in
        var seal = RowSeal()
        for position in 0..<Int(count) {
          if let value = values?[position] { seal.add(value) }
        }
        sqlite3_result_int64(context, Int64(bitPattern: seal.value))
      }, nil, nil, nil)
    try SQLiteError.check(code, on: connection)
  }
}
