internal import ParallaxCore
private import ParallaxIngest
private import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem
private import ParallaxText

/// A shell script that moves what would go into a folder, for a person to read and to run. The program itself
/// never does.
package struct MoveScript: Sendable {
  private struct Move: Sendable {
    var group: Int
    var kept: ItemRecord
    var goes: ItemRecord
    /// Of the file below the folder.
    var place: String
  }

  private let moves: [Move]
  private let groupCount: Int
  /// From which on files keep their path.
  private let root: String
  /// Items that would go whose file is that of an item that stays.
  package let unlisted: Int
  /// Items that would go and are no files of their own: in archives, or on other machines.
  package let unmovable: Int

  package var count: Int { moves.count }

  /// - Parameter items: all of the collection.
  package init(of found: ItemGroups, among items: [ItemRecord]) {
    var pairs: [(group: Int, kept: ItemRecord, goes: ItemRecord)] = []
    for (number, group) in found.groups.enumerated() {
      for (place, member) in group.members.enumerated() where place != group.anchor {
        pairs.append((number + 1, group.members[group.anchor].item, member.item))
      }
    }
    let all = pairs.count
    pairs.removeAll {
      PicturePath.isRemote($0.goes.path) || ArchivePath.split($0.goes.path) != nil
    }
    unmovable = all - pairs.count
    let going = Set(pairs.map(\.goes.rowID))
    // One file has one content: only items with the bytes of one that goes can share its file.
    let hashes = Set(pairs.map(\.goes.hash))
    let used = Set(
      items.lazy.filter { !going.contains($0.rowID) && hashes.contains($0.hash) }
        .flatMap { [Array($0.path.utf8), Self.resolved($0.path)] })
    var listed: Set<String> = []
    let free = pairs.filter {
      !used.contains(Array($0.goes.path.utf8)) && !used.contains(Self.resolved($0.goes.path))
    }
    unlisted = pairs.count - free.count
    let distinct = free.filter { listed.insert($0.goes.path).inserted }
    let paths = distinct.map { Self.components(of: $0.goes.path) }
    let shared = Self.sharedFolder(of: paths)
    root = "/" + shared.joined(separator: "/")
    groupCount = Set(distinct.map(\.group)).count
    moves = zip(distinct, paths).map { pair, path in
      Move(
        group: pair.group, kept: pair.kept, goes: pair.goes,
        place: path.dropFirst(shared.count).joined(separator: "/"))
    }
  }

  private static func resolved(_ path: String) -> [UInt8] {
    (try? PathText.resolvedBytes(path)) ?? Array(path.utf8)
  }

  /// Without `.` and `..`, which would lead out of the folder.
  private static func components(of path: String) -> [String] {
    PathText.absolute(path).utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }

  /// The folder that all files are below.
  private static func sharedFolder(of paths: [[String]]) -> [String] {
    guard var shared = paths.first?.dropLast() else { return [] }
    for path in paths {
      shared = shared.prefix(zip(shared, path.dropLast()).prefix { $0 == $1 }.count)
    }
    return Array(shared)
  }

  // MARK: Text

  /// Hands `write` the script piece by piece.
  ///
  /// - Parameters:
  ///   - command: what found the groups, as it was typed.
  ///   - created: ISO 8601.
  package func write(
    command: String, created: String, _ write: ([UInt8]) throws -> Void
  ) throws {
    let bytes = moves.reduce(0) { $0 + Int($1.goes.size) }
    // A line break in a comment would end it.
    let command = TerminalText.escaped(command)
    let root = TerminalText.escaped(root)
    try write(
      Array(
        """
        #!/bin/sh
        # Moves near-duplicates into a folder: \(Wording.count(moves.count, "file")) of \
        \(Wording.bytes(bytes)), in \(Wording.count(groupCount, "group")).
        #
        #   sh THIS-FILE FOLDER
        #
        # Written by Parallax \(Version.current) at \(created) for
        #   \(command)
        # Parallax itself moves and deletes nothing, and does not run this file. Read it before you do.
        #
        # A file keeps its path from \(root) on below FOLDER. It stays, and that is said, where it or the one
        # that is kept for it is gone or has other bytes than Parallax saw, and where its place is taken. Nothing
        # is overwritten or deleted. The script ends with 1 where a file stayed. Whether another collection uses
        # a file is not looked at.

        \(Self.functions)

        """.utf8))
    for move in moves {
      let line = """
        move \(move.group) \(ShellText.quoted(move.kept.path)) \(move.kept.hash) \
        \(ShellText.quoted(move.goes.path)) \(move.goes.hash) \(ShellText.quoted(move.place))

        """
      try write(Array(line.utf8))
    }
    try write(Array(Self.end.utf8))
  }

  private static let functions = #"""
    set -u
    to=${1-}
    case $#$to in
      1 | 1-*)
        to= ;;
      1/*) ;;
      *) to=./$to ;;
    esac
    if [ $# -ne 1 ] || [ -z "$to" ]; then
      echo 'usage: sh THIS-FILE FOLDER (write ./-x for a folder -x)' >&2
      exit 2
    fi
    if ! command -v sha256sum >/dev/null; then
      echo 'sha256sum is missing: files cannot be compared with what was seen' >&2
      exit 2
    fi
    moved=0
    stayed=0

    # same FILE SHA256
    same() {
      [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -c 1-64)" = "$2" ]
    }

    # stay GROUP FILE WHY: what could drive a terminal is not shown
    stay() {
      stayed=$((stayed + 1))
      printf 'group %s: %s stays: %s\n' "$1" \
        "$(printf '%s' "$2" | LC_ALL=C tr -c '\040-\176' '?')" "$3" >&2
    }

    # move GROUP KEPT SHA256 FILE SHA256 PLACE
    move() {
      if ! same "$2" "$3"; then
        stay "$1" "$4" 'the one that is kept for it has changed or is gone'
      elif ! same "$4" "$5"; then
        stay "$1" "$4" 'it has changed or is gone'
      elif [ -e "$to/$6" ] || [ -L "$to/$6" ]; then
        stay "$1" "$4" 'its place is taken'
      elif mkdir -p -- "$to/${6%"${6##*/}"}" && mv -n -- "$4" "$to/$6" && ! [ -e "$4" ]; then
        moved=$((moved + 1))
      else
        stay "$1" "$4" 'it could not be moved'
      fi
    }
    """#

  private static let end = #"""

    printf '%s moved, %s stayed\n' "$moved" "$stayed"
    [ "$stayed" -eq 0 ]

    """#
}
