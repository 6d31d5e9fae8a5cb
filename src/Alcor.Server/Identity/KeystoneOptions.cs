using System.Collections.Immutable;

namespace Alcor.Server.Identity;

/// <summary>
/// How tokens are validated by Keystone: the settings that Neutron has in <c>[keystone_authtoken]</c>.
/// </summary>
/// <param name="Url">Where Keystone answers, with or without <c>/v3</c>.</param>
/// <param name="User">The service user that asks Keystone about tokens.</param>
/// <param name="Password">Of that user.</param>
public sealed record KeystoneOptions(Uri Url, string User, string Password)
{
    /// <summary>The domain of the user, by its name.</summary>
    public string UserDomain { get; init; } = "Default";

    /// <summary>The project that the service user's own token is scoped to, by its name.</summary>
    public string Project { get; init; } = "service";

    public string ProjectDomain { get; init; } = "Default";

    /// <summary>Where clients get tokens: what a 401 names. Null: <see cref="Url"/>.</summary>
    public string? AuthenticateUri { get; init; }

    /// <summary>How long an answer of Keystone is believed: a revoked token works no longer than this.</summary>
    public TimeSpan TokenCacheTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tokens that are remembered, some 600 bytes each.</summary>
    public int TokenCacheEntries { get; init; } = 10_000;

    /// <summary>Who has one of these roles is a service, and may use an expired token on its user's behalf.</summary>
    public ImmutableArray<string> ServiceTokenRoles { get; init; } = ["service"];

    /// <summary>Whether a service token without such a role is refused; otherwise it only has no effect.</summary>
    public bool RequireServiceTokenRoles { get; init; }

    /// <summary>Never the password: options are printed.</summary>
    public override string ToString() => $"Keystone at {Url} as {User}";
}
