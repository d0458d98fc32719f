namespace Cascade.Providers.Calling;

/// <summary>Who is to blame for an HTTP status, and whether the call can have been billed.</summary>
internal static class HttpStatusMap
{
    public static ModelCallStatus Status(int status) => status switch
    {
        401 or 403 => ModelCallStatus.Unauthorized,
        429 => ModelCallStatus.RateLimited,
        408 => ModelCallStatus.ProviderError,
        >= 200 and < 300 => ModelCallStatus.MalformedResponse,
        >= 400 and < 500 => ModelCallStatus.RejectedRequest,
        _ => ModelCallStatus.ProviderError,
    };

    /// <summary>
    /// Providers bill answers, and an error status says there is none. The exceptions say only that somebody between us and the model
    /// lost the answer, or gave up waiting for it (408, 499, 502, 504, and 520 and 524 of one large proxy), and a success without an
    /// answer we can use.
    /// </summary>
    public static BillingCertainty Billing(int status) => status switch
    {
        >= 200 and < 300 => BillingCertainty.Unknown,
        408 or 499 or 502 or 504 or 520 or 524 => BillingCertainty.Unknown,
        _ => BillingCertainty.NotBilled,
    };
}
