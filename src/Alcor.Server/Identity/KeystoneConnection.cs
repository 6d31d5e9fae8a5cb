using System.Net;

namespace Alcor.Server.Identity;

/// <summary>What Keystone answered; the whole body was read.</summary>
/// <param name="SubjectToken">The header X-Subject-Token, which carries a token that was issued.</param>
internal sealed record KeystoneAnswer(HttpStatusCode Status, byte[] Body, string? SubjectToken);

/// <summary>Sends requests to Keystone, few at a time, with a limit on their time, and again when they fail.</summary>
internal sealed class KeystoneConnection : IDisposable
{
    private readonly HttpClient http;
    private readonly string tokens;

    public KeystoneConnection(Uri url)
    {
        var root = url.AbsoluteUri.TrimEnd('/');
        tokens = root.EndsWith("/v3", StringComparison.Ordinal) ? $"{root}/auth/tokens" : $"{root}/v3/auth/tokens";
        http = new HttpClient(new SocketsHttpHandler
        {
            // A token goes to Keystone only, wherever that may point.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = IdentityLimits.ConnectTimeout,
            MaxConnectionsPerServer = IdentityLimits.ConnectionsMax,
            // Names are looked up again: Keystone may move.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            MaxResponseContentBufferSize = IdentityLimits.AnswerBytesMax,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks about a token, for <paramref name="serviceToken"/>'s owner; without the catalogue.</summary>
    /// <exception cref="HttpRequestException">No answer.</exception>
    /// <exception cref="OperationCanceledException">None in time.</exception>
    public Task<KeystoneAnswer> ShowAsync(
        string token, bool allowExpired, string serviceToken, CancellationToken cancellationToken) => SendAsync(
        () =>
        {
            var request = new HttpRequestMessage(
                HttpMethod.Get, allowExpired ? $"{tokens}?nocatalog&allow_expired=1" : $"{tokens}?nocatalog");
            request.Headers.TryAddWithoutValidation("X-Auth-Token", serviceToken);
            request.Headers.TryAddWithoutValidation("X-Subject-Token", token);
            return request;
        },
        cancellationToken);

    /// <summary>Asks for a token with the credentials in <paramref name="body"/>.</summary>
    /// <inheritdoc cref="ShowAsync" path="/exception"/>
    public Task<KeystoneAnswer> IssueAsync(byte[] body, CancellationToken cancellationToken) => SendAsync(
        () =>
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            return new HttpRequestMessage(HttpMethod.Post, $"{tokens}?nocatalog") { Content = content };
        },
        cancellationToken);

    public void Dispose() => http.Dispose();

    private async Task<KeystoneAnswer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var isLast = attempt == IdentityLimits.AttemptsMax;
            try
            {
                var answer = await TryAsync(make, cancellationToken);
                if (isLast || !IsPassing(answer.Status))
                    return answer;
            }
            catch (Exception exception) when (!isLast
                && !cancellationToken.IsCancellationRequested
                && exception is HttpRequestException or OperationCanceledException)
            {
                // Once more.
            }
            await Task.Delay(IdentityLimits.RetryPause * attempt, cancellationToken);
        }
    }

    private async Task<KeystoneAnswer> TryAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(IdentityLimits.AttemptTimeout);
        using var request = make();
        using var response = await http.SendAsync(request, limit.Token);
        var subject = response.Headers.TryGetValues("X-Subject-Token", out var values) ? values.First() : null;
        var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
        return new KeystoneAnswer(response.StatusCode, body, subject);
    }

    /// <summary>A balancer without a Keystone behind it for the moment.</summary>
    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.BadGateway
        or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
