using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Alcor.Rpc.Tests.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Alcor.Rpc.Tests;

/// <summary>The Echo service on a real listener of the loopback interface, and what its handlers observed.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    public const int LimitBytes = 256 * 1024;

    public static readonly RpcMethod<Note, Note> Unary = new(EchoReflection.Descriptor.Services[0], "Unary");
    public static readonly RpcMethod<Note, Note> Count = new(EchoReflection.Descriptor.Services[0], "Count");
    public static readonly RpcMethod<Note, Note> Sum = new(EchoReflection.Descriptor.Services[0], "Sum");
    public static readonly RpcMethod<Note, Note> Converse = new(EchoReflection.Descriptor.Services[0], "Converse");

    private readonly WebApplication _application;

    private EchoServer(WebApplication application) => _application = application;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Names of handlers that saw their token cancelled.</summary>
    public BlockingCollection<string> Cancelled { get; } = [];

    /// <summary>Names of handlers that have begun.</summary>
    public BlockingCollection<RpcContext> Begun { get; } = [];

    public static async Task<EchoServer> StartAsync(
        Action<WebApplication>? more = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureRpc();
            kestrel.Listen(IPAddress.Loopback, 0, listener =>
            {
                listener.Protocols = HttpProtocols.Http2;
                if (certificate is not null)
                {
                    listener.UseHttps(certificate);
                }
            });
        });
        var server = new EchoServer(builder.Build());
        server.Map();
        more?.Invoke(server._application);
        await server._application.StartAsync(TestContext.Current.CancellationToken);
        var address = server._application.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        server.Address = new Uri(address);
        return server;
    }

    public RpcChannel Connect(RpcChannelOptions? options = null) => new(Address, options);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    private void Map()
    {
        var options = new RpcServerOptions { ReceiveBytesMax = LimitBytes, SendBytesMax = LimitBytes };
        _application.MapUnary(Unary, UnaryAsync, options);
        _application.MapServerStream(Count, CountAsync, options);
        _application.MapClientStream(Sum, SumAsync, options);
        _application.MapDuplex(Converse, ConverseAsync, options);
    }

    private async Task<Note> UnaryAsync(Note request, RpcContext context)
    {
        Begun.Add(context);
        var echoed = context.RequestHeaders.Where(h => h.Key.StartsWith("echo-", StringComparison.Ordinal));
        foreach (var (name, value) in echoed)
        {
            context.ResponseHeaders.Add(name, value);
            context.ResponseTrailers.Add("trailing-" + name, value);
        }

        if (request.Text == "wait")
        {
            await UntilCancelledAsync("Unary", context);
        }

        if (request.Text == "grow")
        {
            return new Note { Body = Google.Protobuf.ByteString.CopyFrom(new byte[request.Number]) };
        }

        return request.Text == "throw" ? throw new InvalidOperationException("secret") : Judge(request);
    }

    private async Task CountAsync(Note request, IRpcWriter<Note> responses, RpcContext context)
    {
        Begun.Add(context);
        for (var i = 0; i < request.Number; i++)
        {
            await responses.SendAsync(new Note { Number = i, Text = request.Text }, context.CancellationToken);
        }

        if (request.Text == "wait")
        {
            await UntilCancelledAsync("Count", context);
        }

        Judge(request);
    }

    private async Task<Note> SumAsync(IAsyncEnumerable<Note> requests, RpcContext context)
    {
        Begun.Add(context);
        var sum = 0;
        await foreach (var request in requests)
        {
            sum += Judge(request).Number;
        }

        return new Note { Number = sum };
    }

    private async Task ConverseAsync(IAsyncEnumerable<Note> requests, IRpcWriter<Note> responses, RpcContext context)
    {
        Begun.Add(context);
        try
        {
            await foreach (var request in requests)
            {
                await responses.SendAsync(Judge(request), context.CancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            Cancelled.Add("Converse");
            throw;
        }
    }

    private static Note Judge(Note request)
    {
        if (!request.Text.StartsWith("fail:", StringComparison.Ordinal))
        {
            return request;
        }

        var parts = request.Text.Split(':', 3);
        throw new RpcException((RpcStatus)int.Parse(parts[1]), parts[2]);
    }

    private async Task UntilCancelledAsync(string name, RpcContext context)
    {
        var never = new TaskCompletionSource();
        await using (context.CancellationToken.Register(() => never.TrySetCanceled()))
        {
            try
            {
                await never.Task;
            }
            finally
            {
                Cancelled.Add(name);
            }
        }
    }
}
