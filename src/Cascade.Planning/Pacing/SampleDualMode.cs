namespace Cascade.Planning.Pacing;

/// <summary>Which objective <see cref="SampleDual"/> minimises.</summary>
public enum SampleDualMode
{
    /// <summary>Not a mode.</summary>
    None = 0,

    /// <summary>With the void option, <c>max(0, max_i α·d_i − γ_i·g_i)</c>: a request that is worth no model's price is declined. Prices from 0 up.</summary>
    Void = 1,

    /// <summary>The objective that PORT's code minimises: without the void option, prices from 0 to 1. Reproduces the publication.</summary>
    Compat = 2,
}
