/// The value that would stand at a place if all were sorted, without sorting them.
///
/// By C. A. R. Hoare's selection ("Algorithm 65: Find", 1961), whose time grows with the number of values.
enum OrderStatistic {
  /// - Parameters:
  ///   - place: from 0, below the number of values.
  ///   - values: in any order; they change places.
  static func value(at place: Int, of values: inout [Double]) -> Double {
    values.withUnsafeMutableBufferPointer { values in
      var (low, high) = (0, values.count - 1)
      while low < high {
        let pivot = median(values[low], values[(low + high) / 2], values[high])
        var (left, right) = (low, high)
        while left <= right {
          while values[left] < pivot { left += 1 }
          while values[right] > pivot { right -= 1 }
          if left <= right {
            values.swapAt(left, right)
            (left, right) = (left + 1, right - 1)
          }
        }
        if place <= right { high = right } else if place >= left { low = left } else { break }
      }
      return values[place]
    }
  }

  private static func median(_ a: Double, _ b: Double, _ c: Double) -> Double {
    max(min(a, b), min(max(a, b), c))
  }
}
