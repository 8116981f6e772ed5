package import ParallaxConditions
internal import ParallaxCore
package import ParallaxStorage

/// Which item of a group stays.
package enum KeepPolicy: String, Sendable, Hashable, CaseIterable {
  /// The most pixels, then the most bytes.
  case largest
  /// The earliest change of the file.
  case oldest
  /// The first path in the order of its bytes.
  case path
}

/// What decides first which item of a group stays; of equal ones the policies do in their order, and at last the id.
package enum KeepRule: Sendable, Hashable {
  case policy(KeepPolicy)
  /// A field or a condition on metadata.
  case order(WhereOrder)

  /// - Returns: `nil` for what is neither a policy nor an order.
  package init?(_ text: String) {
    if let policy = KeepPolicy(rawValue: text) {
      self = .policy(policy)
    } else if let order = try? WhereOrder(parsing: text) {
      self = .order(order)
    } else {
      return nil
    }
  }

  /// As it is typed.
  package var text: String {
    switch self {
    case .policy(let policy): policy.rawValue
    case .order(let order): order.text
    }
  }
}

extension KeepRule {
  /// Checks a rule against the fields that a collection has.
  ///
  /// - Throws: `unknown-field`, `type-mismatch`, about the parameter `keep`.
  package func check(in collection: ItemCollection, of workspace: Workspace) throws {
    guard case .order(let order) = self else { return }
    try Self.attributed(order) { try workspace.check(order, in: collection) }
  }

  /// Errors are about the parameter; a name that is neither a field nor a policy may be meant as either.
  fileprivate static func attributed<Result>(
    _ order: WhereOrder, _ body: () throws -> Result
  ) throws -> Result {
    do { return try order.expression.attributed(body) } catch var error as ParallaxError
      where error.code == .unknownField
    {
      if let name = order.field?.name {
        error.hint =
          Suggestion.hint(for: name, among: KeepPolicy.allCases.map(\.rawValue)) ?? error.hint
      }
      throw error
    }
  }
}

/// A rule with what it needs of a collection.
struct KeepOrder {
  private let policies: [KeepPolicy]
  /// Of each item in the order of metadata; empty where none was asked for.
  private let places: [ItemRecord.RowID: Int]

  /// - Throws: as ``Workspace/places(in:by:)``.
  init(_ rule: KeepRule, in collection: ItemCollection, of workspace: Workspace) throws {
    switch rule {
    case .policy(let policy):
      policies = [policy] + KeepPolicy.allCases.filter { $0 != policy }
      places = [:]
    case .order(let order):
      policies = KeepPolicy.allCases
      places = try KeepRule.attributed(order) {
        try workspace.places(in: collection, by: order)
      }
    }
  }

  /// Whether one item is kept rather than another.
  func prefers(_ one: ItemRecord, to other: ItemRecord) -> Bool {
    if let place = places[one.rowID], let next = places[other.rowID], place != next {
      return place < next
    }
    for policy in policies {
      let (left, right) = (policy.place(of: one), policy.place(of: other))
      if left != right { return left.lexicographicallyPrecedes(right) }
      if policy == .path, one.path != other.path {
        return one.path.utf8.lexicographicallyPrecedes(other.path.utf8)
      }
    }
    return one.id < other.id
  }
}

extension KeepPolicy {
  /// What is smaller is preferred.
  fileprivate func place(of item: ItemRecord) -> [Int64] {
    switch self {
    case .largest: [-Int64((item.width ?? 0) * (item.height ?? 0)), -item.size]
    case .oldest: [item.modified]
    case .path: []
    }
  }
}
