using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;

namespace Alcor.Server.Identity;

/// <summary>
/// Whose request it is, Keystone says of its token. Headers, outcomes and the order of checks are those of
/// OpenStack's auth_token (keystonemiddleware); what a client says of itself in other headers is not looked at.
/// </summary>
internal sealed class KeystoneAuthentication : IAuthentication, IDisposable
{
    private readonly KeystoneClient keystone;
    private readonly TokenValidator validator;
    private readonly ImmutableArray<string> serviceRoles;
    private readonly bool requireServiceRoles;
    private readonly Refusal unauthorized;

    public KeystoneAuthentication(KeystoneOptions options, TimeProvider time, ILogger logger)
    {
        keystone = new KeystoneClient(options, time, logger);
        validator = new TokenValidator(keystone, options, time);
        serviceRoles = RoleNames.Normalise(options.ServiceTokenRoles);
        requireServiceRoles = options.RequireServiceTokenRoles;
        unauthorized = new Refusal.Unauthorized(options.AuthenticateUri ?? options.Url.AbsoluteUri.TrimEnd('/'));
    }

    public ValueTask<Authenticated> AuthenticateAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (!headers.TryGetValue("X-Auth-Token", out var values))
            headers.TryGetValue("X-Storage-Token", out values);
        var user = values.ToString();
        if (headers.TryGetValue("X-Service-Token", out var service) && !StringValues.IsNullOrEmpty(service))
            return WithServiceAsync(http, user, service.ToString());
        if (Prepare(user, allowExpired: false) is not { } question)
            return new(unauthorized);
        return validator.Find(question) is { } verdict
            ? new(Conclude(verdict))
            : AskAsync(http, question, user.Trim());
    }

    public void Dispose() => keystone.Dispose();

    private static TokenValidator.Question? Prepare(string token, bool allowExpired) =>
        TokenDigest.Of(token.AsSpan().Trim()) is { } digest ? new(digest, allowExpired) : null;

    private Authenticated Conclude(TokenVerdict verdict) => verdict switch
    {
        TokenVerdict.Known known => known.Facts.Caller,
        TokenVerdict.Refused => unauthorized,
        _ => Refusal.Unavailable.Instance,
    };

    private async ValueTask<Authenticated> AskAsync(HttpContext http, TokenValidator.Question question, string token) =>
        Conclude(await validator.AskAsync(question, token, http.RequestAborted));

    /// <summary>
    /// A service asks on a user's behalf, with both tokens. Its own must be valid; the user's may have expired if
    /// the service has a role that says that it is one: a long task does not fail half-way.
    /// </summary>
    private async ValueTask<Authenticated> WithServiceAsync(HttpContext http, string userToken, string serviceToken)
    {
        var service = await FindOrAskAsync(http, serviceToken, allowExpired: false);
        if (service is TokenVerdict.Unavailable)
            return Refusal.Unavailable.Instance;
        var roles = service is TokenVerdict.Known known ? known.Facts.Caller.Roles : [];
        var isService = roles.Any(role => serviceRoles.Contains(role));
        var user = Conclude(await FindOrAskAsync(http, userToken, allowExpired: isService));
        if (user.Caller is not { } caller)
            return user;
        return service is TokenVerdict.Known && (isService || !requireServiceRoles)
            ? caller with { ServiceRoles = roles }
            : unauthorized;
    }

    private ValueTask<TokenVerdict> FindOrAskAsync(HttpContext http, string token, bool allowExpired)
    {
        if (Prepare(token, allowExpired) is not { } question)
            return new(TokenVerdict.Refused.Instance);
        return validator.Find(question) is { } verdict
            ? new(verdict)
            : validator.AskAsync(question, token.Trim(), http.RequestAborted);
    }
}
