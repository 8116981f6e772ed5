internal import CommandLanguage
internal import ParallaxWorkbench

extension HelpTopic {
  /// What the numbers beside a value say.
  static let statistics = HelpTopic(
    name: "statistics", summary: "intervals, p, Holm's correction, margins and power in plain words"
  ) {
    [
      .paragraph(
        """
        Other questions would give another value. The statistics say how much of a value, or of a \
        difference, may be due to the questions that happened to be asked.
        """),
      .rows(
        heading: "beside a value",
        [
          (
            "low, high",
            "an interval of 95 %: of 100 such experiments, about 95 give an interval that covers the "
              + "true value. Questions are drawn again 10 000 times (bootstrap, BCa, widened for few "
              + "questions)"
          ),
          ("ceiling", "the best value that lists of this length can have with these judgements"),
          (
            "tie_low, tie_high",
            "the worst and the best value that other orders of equal scores would give; empty when all "
              + "orders give the same"
          ),
        ]),
      .rows(
        heading: "beside a difference to the baseline",
        [
          (
            "p",
            "how often chance alone makes a difference at least as large, if the systems are equally "
              + "good: the differences of the questions get random signs (randomisation test; up to 20 "
              + "differences all signs are tried, else 100 000)"
          ),
          (
            "p_holm",
            "p corrected by Holm's method: who tests 20 things finds one by chance. The chance of any "
              + "false finding in the whole table stays below 5 %"
          ),
          (
            "diff_low, diff_high",
            "the differences that this test does not reject: an interval of 95 %, which never "
              + "contradicts p"
          ),
          (
            "verdict",
            "better or worse where p_holm is at most .05; otherwise no difference is shown"
          ),
          (
            "not distinguishable",
            "not the same as equal: with more questions there might be a difference"
          ),
          (
            "margin",
            "the largest loss that does not matter to you. 'not worse than margin' says that a larger "
              + "loss is ruled out, by a test and by the interval"
          ),
          (
            "cannot reach .05",
            "so few questions differ that even if all favoured one system, p would be above .05: with "
              + "5 it is .0625 at best"
          ),
          (
            "effect",
            "the mean difference over its standard deviation (d): .2 is small, .5 medium, .8 large"
          ),
          ("p_t", "a second opinion: Student's t test. Look closer where it disagrees with p"),
        ]),
      .rows(
        heading: "which questions count",
        [
          (
            "--cluster-by",
            "several questions about one object are not independent: they are drawn, and change signs, "
              + "together"
          ),
          (
            "--by",
            "slices. Each is a test of the same family; one with fewer than "
              + "\(Evaluation.smallestSlice) questions is shown and not tested"
          ),
          ("--exploratory", "p is not corrected: good for looking around, not for a conclusion"),
        ]),
      .paragraph(
        """
        Metrics of whole runs (micro-ap, recall@P90, nauc) have no values of questions. Their difference \
        is resampled over questions, and p is the one at which the interval ends at 0. Scores of \
        different spaces are never compared.
        """),
      .paragraph(
        """
        Everything random starts at 'seed' ('set seed 7'): the same seed gives the same numbers on \
        every machine. 'power' says how many questions a difference needs.
        """),
    ]
  }
}
