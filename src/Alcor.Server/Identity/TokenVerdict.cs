namespace Alcor.Server.Identity;

/// <summary>What came of a question about a token.</summary>
internal abstract record TokenVerdict
{
    private TokenVerdict()
    {
    }

    /// <summary>Keystone has issued it, and has not revoked it.</summary>
    public sealed record Known(TokenFacts Facts) : TokenVerdict;

    /// <summary>It is none, or none any more.</summary>
    public sealed record Refused : TokenVerdict
    {
        public static readonly Refused Instance = new();
    }

    /// <summary>Nobody could say.</summary>
    public sealed record Unavailable : TokenVerdict
    {
        public static readonly Unavailable Instance = new();
    }
}
