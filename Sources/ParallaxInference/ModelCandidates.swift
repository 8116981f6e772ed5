private import ParallaxSystem

/// How exact a file's numbers are, by how its name ends.
struct ModelPrecision: Hashable, Sendable, Comparable {
  /// Empty for full precision.
  let ending: String

  /// The endings of transformers.js, the best first; others come after them.
  private static let known = [
    "", "_fp16", "_int8", "_quantized", "_uint8", "_q4", "_q4f16", "_bnb4",
  ]

  var isKnown: Bool { Self.known.contains(ending) }

  /// For messages.
  var summary: String {
    switch ending {
    case "": "full"
    case "_fp16": "half"
    default: ending.hasPrefix("_") ? String(ending.dropFirst()) : ending
    }
  }

  private var rank: Int { Self.known.firstIndex(of: ending) ?? Self.known.count }

  static func < (left: Self, right: Self) -> Bool {
    (left.rank, left.ending) < (right.rank, right.ending)
  }
}

/// The files of a model folder that go by a usual name.
struct ModelCandidates {
  enum Part: String, CaseIterable, Sendable {
    case image = "vision_model"
    case text = "text_model"
    case either = "model"
  }

  struct Candidate: Hashable, Sendable {
    let path: String
    let part: Part
    let precision: ModelPrecision

    var name: String { PathText.name(of: path) }

    /// `nil` for a file of another name. A tower's may end in any way, `model`'s in the usual ones.
    init?(path: String) {
      let name = PathText.name(of: path)
      guard name.hasSuffix(".onnx") else { return nil }
      let stem = name.dropLast(".onnx".count)
      for part in Part.allCases where stem.hasPrefix(part.rawValue) {
        let precision = ModelPrecision(ending: String(stem.dropFirst(part.rawValue.count)))
        guard part != .either || precision.isKnown else { continue }
        (self.path, self.part, self.precision) = (path, part, precision)
        return
      }
      return nil
    }
  }

  /// The best first; a name counts once, in the first place it is found in.
  private(set) var all: [Candidate] = []
  /// Names found in two places.
  private(set) var doubled: [String] = []

  /// The names in a folder, sorted; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    ((try? Folder.entries(in: folder)) ?? []).compactMap(\.name)
  }

  init(in places: [String]) {
    for place in places {
      for candidate in Self.names(in: place).compactMap({ Candidate(path: "\(place)/\($0)") }) {
        if all.contains(where: { $0.name == candidate.name }) {
          doubled.append(candidate.name)
        } else {
          all.append(candidate)
        }
      }
    }
    all.sort { ($0.precision, $0.name) < ($1.precision, $1.name) }
  }

  var image: [Candidate] { all.filter { $0.part == .image } }
  var text: [Candidate] { all.filter { $0.part == .text } }

  /// Both towers of the best precision that has both, or the one file that may hold them.
  var complete: [Candidate]? {
    for precision in Set(all.map(\.precision)).sorted() {
      let files = all.filter { $0.precision == precision }
      let towers = files.filter { $0.part != .either }
      if towers.count == 2 { return [towers[1], towers[0]] }
      if let either = files.first(where: { $0.part == .either }) { return [either] }
    }
    return nil
  }

  /// The best of each tower.
  var mixed: [Candidate] { [image.first, text.first].compactMap { $0 } }
}
