private import ParallaxCore
private import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// What must hold before anything else of the program runs.
enum ProcessStart {
  /// Opens what was closed of the standard streams, so that no file or pipe of this program's takes
  /// its number and is read as the script, or written to as the result.
  static func claimStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // Results that go nowhere are an error: this one cannot be written.
      let mode = descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY
      guard open("/dev/null", mode) == descriptor else { _exit(1) }
    }
  }

  /// Turns what the system would end the program for into errors that can be reported.
  ///
  /// - Throws: `system-limit` when too few files can be opened.
  static func checkLimits() throws {
    // A file that grows beyond 'ulimit -f' then fails to be written.
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    if getrlimit(resource, &limit) == 0, limit.rlim_cur < usualFiles {
      limit.rlim_cur = min(limit.rlim_max, usualFiles)
      setrlimit(resource, &limit)
    }
    let free = (0..<fewestFiles).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    for descriptor in free where descriptor >= 0 { close(descriptor) }
    guard !free.contains(where: { $0 < 0 }) else {
      throw ParallaxError(
        ParallaxError.Code("system-limit"),
        "too few files can be open at once: the limit is \(limit.rlim_cur)",
        hint: "'ulimit -n \(usualFiles)' raises it")
    }
  }

  private static let usualFiles: rlim_t = 256
  /// Without so many, the run-time library itself fails.
  private static let fewestFiles = 16

  /// The program's arguments.
  ///
  /// - Throws: `usage` for one that is not UTF-8: read as if it were, a name means another file.
  static func arguments() throws -> [String] {
    // Every program has a name.
    guard !rawArguments.isEmpty else {
      throw ParallaxError(
        ParallaxError.Code("system-limit"), "the program cannot read its arguments",
        hint: "it needs the system's /proc, which is not mounted here")
    }
    return try rawArguments.enumerated().dropFirst().map { position, bytes in
      if let text = String(validating: bytes, as: UTF8.self) { return text }
      let shown = bytes.map { byte in
        (0x20..<0x7F).contains(byte)
          ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16, uppercase: true)
      }
      throw ParallaxError(
        .usage, "argument \(position) is not UTF-8: '\(shown.joined())'",
        hint: "names are read as UTF-8: rename the file, or name it through a link")
    }
  }
  /// Whether the program was started to decode images for another one of its kind.
  static func isStarted(with argument: String) -> Bool {
    rawArguments.dropFirst().first.map { $0.elementsEqual(argument.utf8) } ?? false
  }

  /// The program's name, and its arguments as bytes.
  ///
  /// The system's own account comes first: with the run-time library linked into the program,
  /// `CommandLine` may find none.
  private static let rawArguments: [[UInt8]] = {
    if let text = try? InputFile.contents(of: "/proc/self/cmdline", atMost: 1 << 24), !text.isEmpty
    {
      return text.dropLast().split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    }
    return (0..<Int(CommandLine.argc)).compactMap { position in
      CommandLine.unsafeArgv[position].map { bytes in
        Array(UnsafeRawBufferPointer(start: bytes, count: strlen(bytes)))
      }
    }
  }()
}
