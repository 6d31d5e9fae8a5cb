using System.Net;
using System.Text.Json;

namespace Alcor.Server.Identity;

/// <summary>Asks Keystone about one token at a time. The format of tokens is its affair alone.</summary>
internal sealed class KeystoneClient : IDisposable
{
    private readonly KeystoneConnection connection;
    private readonly ServiceToken serviceToken;
    private readonly ILogger logger;
    private int isDown;

    public KeystoneClient(KeystoneOptions options, TimeProvider time, ILogger logger)
    {
        this.logger = logger;
        connection = new KeystoneConnection(options.Url);
        serviceToken = new ServiceToken(connection, options, time);
    }

    /// <param name="allowExpired">Whether a token is known for a while longer than it is valid.</param>
    public async Task<TokenVerdict> ValidateAsync(string token, bool allowExpired)
    {
        using var limit = new CancellationTokenSource(IdentityLimits.QuestionTimeout);
        try
        {
            return await AskAsync(token, allowExpired, limit.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException
            or JsonException)
        {
            return Unavailable(exception is OperationCanceledException ? "no answer in time" : exception.Message);
        }
    }

    public void Dispose()
    {
        serviceToken.Dispose();
        connection.Dispose();
    }

    private async Task<TokenVerdict> AskAsync(string token, bool allowExpired, CancellationToken cancellationToken)
    {
        var own = await serviceToken.GetAsync(cancellationToken);
        var answer = await connection.ShowAsync(token, allowExpired, own, cancellationToken);
        if (answer.Status == HttpStatusCode.Unauthorized)
        {
            // That is of our own token: it was revoked, or the keys of Keystone were changed.
            serviceToken.Forget(own);
            own = await serviceToken.GetAsync(cancellationToken);
            answer = await connection.ShowAsync(token, allowExpired, own, cancellationToken);
        }
        switch (answer.Status)
        {
            case HttpStatusCode.OK:
                NoteUp();
                return new TokenVerdict.Known(TokenFacts.Parse(answer.Body));
            case HttpStatusCode.NotFound:
                NoteUp();
                return TokenVerdict.Refused.Instance;
            default:
                return Unavailable($"it answers {(int)answer.Status} when it is asked about a token");
        }
    }

    /// <summary>Said once, and not for each request of an outage.</summary>
    private TokenVerdict.Unavailable Unavailable(string reason)
    {
        if (Interlocked.Exchange(ref isDown, 1) == 0)
            logger.LogError("Keystone cannot be asked about tokens, requests are answered with 503: {Reason}", reason);
        return TokenVerdict.Unavailable.Instance;
    }

    private void NoteUp()
    {
        if (isDown != 0 && Interlocked.Exchange(ref isDown, 0) == 1)
            logger.LogWarning("Keystone answers again");
    }
}
