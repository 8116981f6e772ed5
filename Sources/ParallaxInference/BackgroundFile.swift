internal import ParallaxCore
private import ParallaxSystem

/// `background.json` of a model folder: questions that have nothing to do with one another, as vectors.
///
/// `vectors` holds them one after another as whole numbers from -127 to 127, each a share of the vector's
/// largest entry: their length does not count.
struct BackgroundFile: Decodable {
  /// The standing from which an answer stands out.
  var threshold: Double
  var texts: [String]
  var vectors: [[Int]]

  /// - Throws: `invalid-model` where the vectors are not those of the texts, or have another dimension.
  func background(dimension: Int, at path: String) throws -> QuestionBackground? {
    guard vectors.count == texts.count, vectors.allSatisfy({ $0.count == dimension }),
      let background = QuestionBackground(
        vectors: vectors.flatMap { $0.map(Float.init) }, dimension: dimension,
        threshold: threshold)
    else {
      throw ParallaxError(
        .invalidModel,
        "'\(PathText.name(of: path))' takes a vector of \(dimension) numbers for each of at least two "
          + "texts", hint: "the file is '\(path)'")
    }
    return background
  }
}
