namespace Cascade.Contracts;

/// <summary>
/// Names one budget: what an account may spend, written as the account's path, or what it may spend on one endpoint, written as the path,
/// <c>#</c> and the endpoint's name: <c>acme/search#openai/gpt-4o</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("cascade.id.budget")]
public readonly record struct BudgetKey
{
    private const char Separator = '#';

    /// <summary>Names a budget.</summary>
    /// <param name="account">Whose budget.</param>
    /// <param name="endpoint">The one endpoint it is for; empty for all spend of the account.</param>
    public BudgetKey(AccountId account, string endpoint = "")
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Length > 0)
        {
            _ = new EndpointId(endpoint);
        }

        Account = account;
        Endpoint = endpoint;
    }

    /// <summary>Whose budget.</summary>
    [Id(0)]
    public AccountId Account { get; init; }

    /// <summary>The one endpoint it is for; empty for all spend of the account.</summary>
    [Id(1)]
    public string Endpoint { get; init; }

    /// <summary>Reads a key without throwing.</summary>
    /// <param name="value">The key.</param>
    /// <param name="key">The key, when it is valid.</param>
    /// <param name="problem">What is wrong and how to repair it, when it is not.</param>
    /// <returns>Whether the key is valid.</returns>
    public static bool TryParse(string? value, out BudgetKey key, out string problem)
    {
        key = default;
        var hash = value?.IndexOf(Separator) ?? -1;
        if (!AccountId.TryParse(hash < 0 ? value : value![..hash], out var account, out problem))
        {
            return false;
        }

        var endpoint = hash < 0 ? "" : value![(hash + 1)..];
        if (hash >= 0 && (endpoint.Length is 0 or > EndpointId.MaxLength || endpoint.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
        {
            problem = $"budget '{value}' names no endpoint after '#'; write one, for example 'acme#gpt-4o', or leave '#' out";
            return false;
        }

        key = new BudgetKey { Account = account, Endpoint = endpoint };
        return true;
    }

    /// <summary>The key as it is written.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.IsNullOrEmpty(Endpoint) ? Account.ToString() : $"{Account}{Separator}{Endpoint}";
}
