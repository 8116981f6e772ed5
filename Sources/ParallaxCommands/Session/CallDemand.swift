internal import ParallaxCore
internal import ParallaxStorage
internal import ParallaxWorkbench

/// What a command would ask of remote providers, about.
package struct CallDemand: Sendable, Hashable {
  var requests: Int
  /// Millionths of a US dollar; `nil` where no price is known.
  var micros: Int?

  static let none = CallDemand(requests: 0, micros: 0)

  init(requests: Int, micros: Int?) {
    self.requests = requests
    self.micros = micros
  }

  init(_ remote: Forecast.Remote?) {
    self = remote.map { CallDemand(requests: $0.requests, micros: $0.cost?.micros) } ?? .none
  }

  init(_ forecast: RerankForecast) {
    self.init(requests: forecast.requests, micros: forecast.micros)
  }

  init(_ cost: RepeatedCost) { self.init(requests: cost.requests, micros: cost.micros) }

  static func + (one: CallDemand, other: CallDemand) -> CallDemand {
    CallDemand(
      requests: one.requests + other.requests,
      micros: one.micros.flatMap { left in other.micros.map { left + $0 } })
  }
}

extension Sequence<CallDemand> {
  var sum: CallDemand { reduce(.none, +) }
}

/// What is there before a script runs, for what its commands would ask for.
@MainActor
package struct PlanScope {
  let session: Session
  /// Results that earlier lines give a name to.
  private(set) var made: Set<String> = []
  /// Whether earlier lines make results whose names are not known.
  private var hasForgotten = false
  /// Whether a command of the same line comes before.
  var isPiped = false

  init(_ session: Session) { self.session = session }

  /// A result of this name will be another one than now.
  mutating func make(_ name: String) { made.insert(name) }

  /// Any result may be another one than now.
  mutating func forgetResults() { hasForgotten = true }

  /// Whether no earlier line makes a result of this name.
  func isThere(_ name: String) -> Bool { !hasForgotten && !made.contains(name) }

  /// The result that a command works on.
  ///
  /// - Parameter name: `nil` for the one that comes through a pipe, or the last one.
  /// - Throws: `unknown-name`, also where an earlier line or command makes it.
  func result(_ name: String?, for command: any Command.Type) throws -> NamedResult {
    if name == nil, isPiped {
      throw ParallaxError(.unknownName, "the command before it makes what it works on")
    }
    guard isThere(name ?? "_") else {
      throw ParallaxError(.unknownName, "an earlier line makes what it works on")
    }
    return try session.result(name, nil, for: command)
  }

  /// Whether no earlier line makes what a word stands for; a space that is made is not there yet.
  func isThere(_ system: SystemReference) -> Bool {
    guard case .named(let name) = system.kind else { return true }
    return isThere(name)
  }
}
