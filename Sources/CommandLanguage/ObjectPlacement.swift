/// Which place each of a number of objects takes.
struct ObjectPlacement {
  let signature: CommandSignature
  let isPiped: Bool
  let style: InputStyle

  /// The places to fill; a pipe has filled the first that takes a result, or one of several.
  var specs: [ObjectSpec] {
    var specs = signature.objects
    guard isPiped, let piped = specs.firstIndex(where: \.takesResult) else { return specs }
    if specs[piped].isRepeated { specs[piped].arity = .any } else { specs.remove(at: piped) }
    return specs
  }

  func isNeeded(_ spec: ObjectSpec) -> Bool {
    spec.isRequired || (spec.arity == .optionalByHand && style == .script)
  }

  /// The places of `count` objects in order: required ones are served first, then optional ones
  /// from left to right; fewer than `count` when there are too many objects.
  func places(for count: Int) -> [ObjectSpec] {
    let specs = self.specs
    var extra = count - specs.count { isNeeded($0) }
    var places: [ObjectSpec] = []
    for spec in specs {
      var share = isNeeded(spec) ? 1 : 0
      if extra > 0, spec.isRepeated || share == 0 {
        let more = spec.isRepeated ? extra : 1
        share += more
        extra -= more
      }
      places += Array(repeating: spec, count: share)
    }
    return Array(places.prefix(count))
  }

  /// The first required place that `count` objects leave empty.
  func missing(for count: Int) -> ObjectSpec? {
    let needed = specs.filter { isNeeded($0) }
    return count < needed.count ? needed[count] : nil
  }
}

extension ObjectSpec {
  /// Whether a pipe can fill its place.
  var takesResult: Bool { [.result, .object, .resultOrSpace, .system].contains(type) }
}
