using System.Buffers;
using System.Text.Json;

namespace Alcor.Server.Identity;

/// <summary>
/// Our own token, with which Keystone is asked about others: issued for the service user's password when it is first
/// needed, and anew before it expires.
/// </summary>
internal sealed class ServiceToken(KeystoneConnection keystone, KeystoneOptions options, TimeProvider time)
    : IDisposable
{
    private readonly byte[] credentials = Write(options);
    private readonly SemaphoreSlim issuing = new(1);
    private volatile Issued? current;
    private long refusedAt;
    private bool isRefused;

    private sealed record Issued(string Token, DateTimeOffset RenewAt);

    /// <exception cref="HttpRequestException">Keystone does not issue one; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Nor in time.</exception>
    /// <exception cref="JsonException">What it issued cannot be read.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } token)
            return token;
        // One asks, and the others wait for the answer.
        await issuing.WaitAsync(cancellationToken);
        try
        {
            return Fresh() ?? await IssueAsync(cancellationToken);
        }
        finally
        {
            issuing.Release();
        }
    }

    /// <summary>Keystone does not know <paramref name="token"/> any more: the next one who asks gets another.</summary>
    public void Forget(string token)
    {
        if (current is { } issued && issued.Token == token)
            Interlocked.CompareExchange(ref current, null, issued);
    }

    public void Dispose() => issuing.Dispose();

    private string? Fresh() => current is { } issued && time.GetUtcNow() < issued.RenewAt ? issued.Token : null;

    private async Task<string> IssueAsync(CancellationToken cancellationToken)
    {
        if (isRefused && time.GetElapsedTime(refusedAt) < IdentityLimits.RefusedCredentialsTime)
            throw new HttpRequestException($"Keystone refused the user {options.User} a moment ago");
        var now = time.GetUtcNow();
        var answer = await keystone.IssueAsync(credentials, cancellationToken);
        if (answer is not { Status: System.Net.HttpStatusCode.Created, SubjectToken: { } token })
        {
            (isRefused, refusedAt) = (true, time.GetTimestamp());
            throw new HttpRequestException(
                $"Keystone answers {(int)answer.Status} to the user {options.User} of the project {options.Project}");
        }
        isRefused = false;
        var life = TokenFacts.Parse(answer.Body).ExpiresAt - now;
        var margin = TimeSpan.FromTicks(Math.Min(IdentityLimits.RenewalMargin.Ticks, life.Ticks / 4));
        current = new Issued(token, now + life - margin);
        return token;
    }

    /// <summary>Password authentication with project scope (Identity API v3, POST /v3/auth/tokens).</summary>
    private static byte[] Write(KeystoneOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("auth");
            json.WriteStartObject("identity");
            json.WriteStartArray("methods");
            json.WriteStringValue("password");
            json.WriteEndArray();
            json.WriteStartObject("password");
            WriteNamed(json, "user", options.User, options.UserDomain, options.Password);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("scope");
            WriteNamed(json, "project", options.Project, options.ProjectDomain, password: null);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteNamed(Utf8JsonWriter json, string kind, string name, string domain, string? password)
    {
        json.WriteStartObject(kind);
        json.WriteString("name", name);
        json.WriteStartObject("domain");
        json.WriteString("name", domain);
        json.WriteEndObject();
        if (password is not null)
            json.WriteString("password", password);
        json.WriteEndObject();
    }
}
