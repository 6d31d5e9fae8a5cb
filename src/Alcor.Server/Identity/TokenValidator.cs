namespace Alcor.Server.Identity;

/// <summary>
/// What Keystone said lately, and otherwise Keystone: many who ask about one token at the same time share one question.
/// </summary>
internal sealed class TokenValidator(KeystoneClient keystone, KeystoneOptions options, TimeProvider time)
{
    private readonly BoundedCache<Question, TokenVerdict> known =
        new(options.TokenCacheEntries, options.TokenCacheTime, time);

    // Apart: whoever sends tokens that he invented does not push out those that are good.
    private readonly BoundedCache<Question, TokenVerdict> refused = new(
        IdentityLimits.RefusedEntriesMax,
        options.TokenCacheTime < IdentityLimits.RefusedTime ? options.TokenCacheTime : IdentityLimits.RefusedTime,
        time);

    private readonly Dictionary<Question, Task<TokenVerdict>> asked = [];
    private readonly Lock asking = new();

    /// <summary>A token that was refused may be accepted when it may be expired, so these are two questions.</summary>
    public readonly record struct Question(TokenDigest Token, bool AllowExpired);

    /// <summary>What is known without asking; null: nothing.</summary>
    public TokenVerdict? Find(Question question)
    {
        var verdict = known.Find(question) ?? refused.Find(question);
        return verdict is null ? null : Judge(question, verdict);
    }

    /// <summary>Asks, or waits for the answer to the same question.</summary>
    /// <exception cref="OperationCanceledException">The caller waits no longer; others still do.</exception>
    public async ValueTask<TokenVerdict> AskAsync(
        Question question, string token, CancellationToken cancellationToken)
    {
        Task<TokenVerdict>? answer;
        lock (asking)
        {
            // It may have come since the caller looked.
            if (Find(question) is { } found)
                return found;
            if (!asked.TryGetValue(question, out answer))
            {
                if (asked.Count >= IdentityLimits.ValidationsMax)
                    return TokenVerdict.Unavailable.Instance;
                answer = Task.Run(() => AskKeystoneAsync(question, token), CancellationToken.None);
                asked.Add(question, answer);
            }
        }
        return Judge(question, await answer.WaitAsync(cancellationToken));
    }

    private async Task<TokenVerdict> AskKeystoneAsync(Question question, string token)
    {
        TokenVerdict? verdict = null;
        try
        {
            verdict = await keystone.ValidateAsync(token, question.AllowExpired);
            return verdict;
        }
        finally
        {
            lock (asking)
            {
                if (verdict is TokenVerdict.Known)
                    known.Set(question, verdict);
                else if (verdict is TokenVerdict.Refused)
                    refused.Set(question, verdict);
                asked.Remove(question);
            }
        }
    }

    /// <summary>A token that expires while it is remembered is refused from then on.</summary>
    private TokenVerdict Judge(Question question, TokenVerdict verdict) =>
        !question.AllowExpired && verdict is TokenVerdict.Known token && token.Facts.IsExpired(time.GetUtcNow())
            ? TokenVerdict.Refused.Instance
            : verdict;
}
