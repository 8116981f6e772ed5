internal import CommandLanguage
internal import ParallaxStatistics
internal import ParallaxWorkbench

extension HelpTopic {
  /// What `diff` and `health` measure without judgements.
  static let likeness = HelpTopic(
    name: "likeness", summary: "how alike lists and spaces are: overlap, rbo, tau, cka, hubness"
  ) {
    [
      .paragraph(
        """
        None of these says how good a list or a space is: they say how much changes from one to \
        another, or what a space is like. 'diff' and 'health' show them.
        """),
      .rows(
        heading: "two lists",
        [
          (
            "overlap@k",
            "common items of the first k, divided by k (by the longer list where both are shorter). 0 "
              + "to 1; the order does not count"
          ),
          (
            "rbo",
            "rank-biased overlap: the mean overlap over all depths, with the weight 0.1 × 0.9^(d-1) at "
              + "depth d, so that the first 10 have about 86 % of the weight. 0 to 1. The value assumes "
              + "that the agreement goes on below the lists (Webber, Moffat and Zobel, 2010)"
          ),
          (
            "rbo_min, rbo_max",
            "the same if nothing, or all, agrees below the lists; long lists close the gap"
          ),
          (
            "tau",
            "Kendall's: pairs of common items in the same order less those in the opposite order, "
              + "divided by all pairs. -1 to 1; items that one list lacks do not count"
          ),
          (
            "tau_ap",
            "as tau, but a change at the top counts more; the order of A is taken as the right one "
              + "(Yilmaz, Aslam and Robertson, 2008)"
          ),
        ]),
      .rows(
        heading: "two spaces",
        [
          (
            "cka",
            "linear centred kernel alignment: |YᵀX|² / (|XᵀX| |YᵀY|) of centred unit vectors. 0 to 1; 1 "
              + "for spaces that differ by rotation and scale alone. With fewer items than dimensions it "
              + "is too high (Kornblith and others, 2019)"
          ),
          (
            "churned items",
            "share of items that keep fewer than half of their nearest neighbours"
          ),
          (
            "same acceptance",
            "the threshold of B that as many pairs of a question and an item reach as in A"
          ),
          (
            "same precision",
            "the lowest threshold of B whose pairs are relevant at least as often as those of A"
          ),
        ]),
      .rows(
        heading: "one space",
        [
          (
            "hubness",
            "skewness of N_\(HealthRequest.neighbours), the number of lists of \(HealthRequest.neighbours) "
              + "neighbours that an item is in. 0: all alike; above 2 a few items are near to very many. "
              + "It grows with the dimension (Radovanović, Nanopoulos and Ivanović, 2010)"
          ),
          (
            "hubs, antihubs",
            "items in at least \(Hubness.hubFactor * HealthRequest.neighbours) lists, and in none"
          ),
          (
            "effective dimension",
            "(sum of eigenvalues)² / (sum of their squares) of the covariance: from 1 to the dimension. "
              + "It depends on how varied the pictures are"
          ),
          (
            "modality gap",
            "distance of the mean of images and the mean of their texts, as unit vectors. 0 to 2 (Liang "
              + "and others, 2022)"
          ),
        ]),
    ]
  }
}
