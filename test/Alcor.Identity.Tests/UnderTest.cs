using Alcor.Kernel.Resources;
using Alcor.Server.Identity;
using Microsoft.AspNetCore.Http;

namespace Alcor.Identity.Tests;

/// <summary>The authentication with a Keystone, real or not, and a time that tests move.</summary>
internal sealed class UnderTest : IDisposable
{
    private readonly KeystoneAuthentication authentication;

    public UnderTest(KeystoneOptions options, SteppedTime time) =>
        authentication = new KeystoneAuthentication(options, time, Log);

    public RecordedLog Log { get; } = new();

    /// <summary>Headers by name and value, in turn.</summary>
    public async Task<Authenticated> AskAsync(params string[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var pair in headers.Chunk(2))
            http.Request.Headers[pair[0]] = pair[1];
        return await authentication.AuthenticateAsync(http);
    }

    public async Task<Authenticated> AskAsync(HttpContext http) => await authentication.AuthenticateAsync(http);

    public async Task<Caller> KnownAsync(params string[] headers)
    {
        var outcome = await AskAsync(headers);
        Assert.True(outcome.Caller is not null, $"refused with {outcome.Refusal}; {string.Join('\n', Log.Lines)}");
        return outcome.Caller!;
    }

    public async Task RefusedAsync(params string[] headers) =>
        Assert.IsType<Refusal.Unauthorized>((await AskAsync(headers)).Refusal);

    public async Task UnavailableAsync(params string[] headers) =>
        Assert.IsType<Refusal.Unavailable>((await AskAsync(headers)).Refusal);

    public void Dispose() => authentication.Dispose();
}
