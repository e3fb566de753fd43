import TestSupport

// Written by papers/market-in-motion/agreement/references.py.
// The stable limit cycle of the logit dynamics with a lag: lowest and highest price, period.
// protocol b d y fee kappa_g kappa_b kappa_s demand_width rationality revision_rate depth_exponent lag lowest
// highest period
let limitCycleReferences = ReferenceTable(
    """
    0 0.7 1.3 0.79 0.0 0.5 0.5 1.0 0.02 50.0 2.0 0.0 0.5 1.09357001693854918071728558404 1.27347785411297910538809700998 2.58565604181445711100693490698
    """)
