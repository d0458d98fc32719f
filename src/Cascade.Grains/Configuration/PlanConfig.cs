namespace Cascade.Grains.Configuration;

/// <summary>A fitted plan that a route serves.</summary>
public sealed class PlanConfig
{
    /// <summary>The file with the plan document; a relative path starts at the process's working directory.</summary>
    public string File { get; set; } = "";

    /// <summary>The plan's name of each stage's model, in the order of the stages; empty when the endpoints have the plan's names.</summary>
    public List<string> Models { get; set; } = [];

    /// <summary>The plan's signal that the route's judge gives; empty when the judge's kind is the signal's name.</summary>
    public string Signal { get; set; } = "";

    /// <summary>What a request may cost on average, in dollars; not set lets the price of money decide alone.</summary>
    public double? BudgetUsdPerRequest { get; set; }
}
