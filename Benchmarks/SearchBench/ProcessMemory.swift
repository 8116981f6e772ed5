#if canImport(Glibc)
  import Glibc
#endif

/// What the system says this process holds; zero where it says nothing (other systems than Linux).
enum ProcessMemory {
  /// Bytes in memory now.
  static var present: Int { kilobytes("VmRSS:") * 1_024 }

  /// The most bytes in memory since the start, or since `forgetPeak`.
  static var peak: Int { kilobytes("VmHWM:") * 1_024 }

  static func forgetPeak() {
    #if canImport(Glibc)
      guard let file = fopen("/proc/self/clear_refs", "w") else { return }
      fputs("5", file)
      fclose(file)
    #endif
  }

  private static func kilobytes(_ field: String) -> Int {
    var found = 0
    #if canImport(Glibc)
      guard let file = fopen("/proc/self/status", "r") else { return 0 }
      defer { fclose(file) }
      var buffer = [CChar](repeating: 0, count: 256)
      while fgets(&buffer, 256, file) != nil {
        let line = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        guard line.hasPrefix(field) else { continue }
        found = Int(line.dropFirst(field.count).filter(\.isNumber)) ?? 0
      }
    #endif
    return found
  }
}
