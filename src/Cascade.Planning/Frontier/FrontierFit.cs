namespace Cascade.Planning.Frontier;

/// <summary>How a frontier meets what was asked of it.</summary>
public enum FrontierFit
{
    /// <summary>Nothing was asked.</summary>
    None = 0,

    /// <summary>The limit is met exactly and binds: moving it changes the result.</summary>
    Binding = 1,

    /// <summary>The limit is met with room to spare: there is no better use for more money, or nothing cheaper.</summary>
    Slack = 2,

    /// <summary>No mix of the policies meets the limit; the choice is the nearest policy.</summary>
    Infeasible = 3,
}
