import ParallaxStatistics
import Testing

@testable import ParallaxEvaluation

@Suite struct VoteTests {
  @Test func `a case at half the distance weighs twice`() {
    let vote = CategoryVote([0, 1, 1], scores: [0.75, 0.5, 0.5])
    // 4 against 2 + 2: the nearest decides between equals.
    #expect(vote.category == 0 && vote.agreement == 0.5 && vote.missing == 0)
    let nearer = CategoryVote([1, 0, 0], scores: [0.5, 0.25, 0.25])
    #expect(nearer.category == 0 && abs(nearer.agreement - 4 / 7) < 1e-12)
    #expect(nearer.answer(from: 0.5) == 0 && nearer.answer(from: 0.6) == nil)
  }

  @Test func `a case of which nothing is known agrees with none`() {
    let vote = CategoryVote([nil, 3], scores: [0.5, 0.5])
    #expect(vote.category == 3 && vote.agreement == 0.5 && vote.missing == 1)
    let nothing = CategoryVote([nil, nil], scores: [0.9, 0.5])
    #expect(nothing.category == nil && nothing.agreement == 0 && nothing.missing == 2)
    #expect(CategoryVote([], scores: []).answer(from: 0) == nil)
  }

  @Test func `copies do not weigh without end`() {
    let vote = CategoryVote([0, 1], scores: [1, 0.999])
    #expect(vote.category == 0 && vote.agreement < 0.51)
  }

  @Test func `numbers give the median and the range`() throws {
    let odd = try #require(NumberVote([5, nil, 1, 2]))
    #expect(odd.median == 2 && odd.range == 1...5 && odd.missing == 1)
    let even = try #require(NumberVote([4, 1, 2, 10]))
    #expect(even.median == 3)
    let dates = try #require(NumberVote([4, 1, 2, 10], areDates: true))
    #expect(dates.median == 2 && dates.range == 1...10)
    #expect(NumberVote([nil, nil]) == nil && NumberVote([]) == nil)
  }

  @Test func `a trial counts by category what is right, answered and mistaken`() throws {
    var trial = CategoryTrial(categories: 3, leastAgreement: 0.6)
    func vote(_ categories: [Int?]) -> CategoryVote {
      CategoryVote(categories, scores: categories.map { _ in 0.5 })
    }
    trial.add(vote([0, 0, 1]), on: 0)  // right, answered
    trial.add(vote([0, 1, nil]), on: 0)  // right, abstains
    trial.add(vote([1, 1, 1]), on: 0)  // wrong, answered
    trial.add(vote([nil, nil]), on: 1)  // nothing
    trial.add(vote([0, 0]), on: 1)  // wrong, answered
    #expect(trial.all.cases == 5 && trial.all.right == 2)
    #expect(trial.all.answered == 3 && trial.all.rightAnswers == 1)
    #expect(trial.byCategory.map(\.cases) == [3, 2, 0])
    #expect(trial.byCategory.map(\.right) == [2, 0, 0])
    #expect(trial.answers == [2, 1, 0])
    #expect(trial.mostFrequent == 0)
    #expect(trial.mistake(for: 0)?.category == 1 && trial.mistake(for: 1)?.count == 1)
    #expect(trial.mistake(for: 2) == nil)
    #expect(CategoryTrial(categories: 2, leastAgreement: 0).mostFrequent == nil)
  }

  @Test func `a trial of numbers compares with the median of all`() {
    var trial = NumberTrial()
    #expect(trial.medianError == nil && trial.usualError == nil)
    for (number, others) in [
      (1.0, [1.0, 3.0]), (2.0, [5.0]), (9.0, [8.0, 10.0]), (4.0, [Double]()),
    ] {
      trial.add(NumberVote(others), on: number)
    }
    // Errors 1, 3, 0; the median of all is 3, from which they are 2, 1, 6, 1.
    #expect(trial.medianError == 1 && trial.usualError == 1.5)
    #expect(trial.inside == 2 && trial.answered == 3 && trial.unanswered == 1)
    #expect(trial.medianErrorInterval == nil, "three errors say nothing")
    for number in [5.0, 7, 9] { trial.add(NumberVote([0]), on: number) }
    #expect(trial.medianErrorInterval == Interval(low: 0, high: 9))
  }

  @Test func `a share has the interval of Clopper and Pearson`() throws {
    // By scipy.stats.beta: ppf(0.025, 83, 18) and ppf(0.975, 84, 17).
    let share = try #require(Share(83, of: 100))
    #expect(abs(share.interval.low - 0.741_824_6) < 1e-6)
    #expect(abs(share.interval.high - 0.897_735_1) < 1e-6)
    #expect(Share(0, of: 0) == nil)
    #expect(try #require(Share(3, of: 3)).interval.high == 1)
  }
}
