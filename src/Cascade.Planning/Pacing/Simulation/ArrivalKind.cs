namespace Cascade.Planning.Pacing.Simulation;

/// <summary>How requests are spread over a window.</summary>
public enum ArrivalKind
{
    /// <summary>Not a process.</summary>
    None = 0,

    /// <summary>Poisson, the same rate throughout.</summary>
    Steady = 1,

    /// <summary>Markov-modulated Poisson: quiet and busy times of random length follow each other.</summary>
    Bursty = 2,

    /// <summary>Poisson with a rate that rises and falls as a sine wave.</summary>
    Diurnal = 3,
}
