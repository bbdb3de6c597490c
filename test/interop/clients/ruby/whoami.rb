# frozen_string_literal: true

# For each line that it reads, one and the same STS client of the AWS SDK for Ruby says who it is.

require 'aws-sdk-core'
require 'json'

# Notes the id of the key that the newest request was signed with.
class SigningKey < Seahorse::Client::Plugin
  class << self
    attr_accessor :id
  end

  # Stands between the signer and what sends the request.
  class Handler < Seahorse::Client::Handler
    def call(context)
      SigningKey.id = context.http_request.headers['authorization'][%r{Credential=(\w+)/}, 1]
      @handler.call(context)
    end
  end

  handler Handler, step: :sign, priority: 0
end

def messages(error)
  causes = [error]
  causes << causes.last.cause while causes.last.cause
  causes.map { |cause| "#{cause.class}: #{cause.message}" }.join('; ')
end

# Looks for credentials when it is made.
def client
  # Debian's version does not know the variable.
  @client ||= Aws::STS::Client.new(endpoint: ENV.fetch('AWS_ENDPOINT_URL'))
end

def answer
  { arn: client.get_caller_identity.arn, accessKeyId: SigningKey.id }
rescue StandardError => e
  { error: messages(e) }
end

Aws::STS::Client.add_plugin(SigningKey)
$stdin.each_line do
  puts JSON.generate(answer)
  $stdout.flush
end
